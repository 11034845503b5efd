-- KEYS: epoch, cache.
if redis.call('EXISTS', KEYS[2]) == 0 then
  return answer('ABSENT')
end
redis.call('HSET', KEYS[2], 'phase', 'wiping', 'forced', 1)
return answer('WIPE')
