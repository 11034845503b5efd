-- KEYS: epoch, cache, due. ARGV: incarnation, whether the disk says that it is locked.
redis.call('HDEL', KEYS[2], 'o:' .. ARGV[3])
local phase = redis.call('HGET', KEYS[2], 'phase')
if not phase then
  return answer('GONE')
end
local _, stands = lockOf(KEYS[2])
if phase ~= 'live' or stands or #owners(KEYS[2]) > 0 then
  return answer('KEPT')
end
if ARGV[4] == '1' then
  -- a lock that Redis has forgotten, or a doubt: a sweep looks again
  due(KEYS[3], 'release', now)
  return answer('KEPT')
end
if not mature(KEYS[2]) then
  due(KEYS[3], 'epoch', ripe)
  return answer('KEPT')
end
redis.call('HSET', KEYS[2], 'phase', 'wiping')
return answer('WIPE')
