-- KEYS: epoch, cache, due. ARGV: root.
local strange = elsewhere(KEYS[2], ARGV[3])
if strange then
  return strange
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  return answer('ABSENT')
end
toWiping(KEYS[2], KEYS[3])
redis.call('HSET', KEYS[2], 'forced', 1)
return answer('WIPE')
