-- Takes a reference back, and decides nothing: a sweep does, should it have been the last. KEYS: epoch, cache, due.
-- ARGV: incarnation.
redis.call('HDEL', KEYS[2], 'o:' .. ARGV[3])
local _, stands = lockOf(KEYS[2])
if redis.call('HGET', KEYS[2], 'phase') == 'live' and not stands and #owners(KEYS[2]) == 0 then
  due(KEYS[3], idOf(KEYS[2]), now)
end
return answer('OK')
