-- KEYS: epoch, cache. ARGV: root.
local strange = elsewhere(KEYS[2], ARGV[3])
if strange then
  return strange
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  return answer('ABSENT')
end
redis.call('HSET', KEYS[2], 'phase', 'wiping', 'forced', 1)
return answer('WIPE')
