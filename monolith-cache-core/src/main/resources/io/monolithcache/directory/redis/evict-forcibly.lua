-- KEYS: epoch, cache, due.
if redis.call('EXISTS', KEYS[2]) == 0 then
  return answer('ABSENT')
end
toWiping(KEYS[2], KEYS[3])
redis.call('HSET', KEYS[2], 'forced', 1)
return answer('WIPE')
