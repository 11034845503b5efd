-- KEYS: epoch, cache, lease. ARGV: incarnation, root.
if redis.call('EXISTS', KEYS[3]) == 0 then
  return answer('RECOVER')
end
local strange = elsewhere(KEYS[2], ARGV[4])
if strange then
  return strange
end
if redis.call('HGET', KEYS[2], 'phase') ~= 'live' then
  return answer('NOT_FOUND')
end
redis.call('HSET', KEYS[2], 'o:' .. ARGV[3], '')
return answer('OK')
