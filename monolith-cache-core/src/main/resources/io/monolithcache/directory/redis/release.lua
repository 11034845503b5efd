-- KEYS: epoch, cache, due. ARGV: incarnation.
redis.call('HDEL', KEYS[2], 'o:' .. ARGV[3])
local phase = redis.call('HGET', KEYS[2], 'phase')
if not phase then
  return answer('GONE')
end
local _, stands = lockOf(KEYS[2])
if phase ~= 'live' or stands or #owners(KEYS[2]) > 0 then
  return answer('KEPT')
end
if redis.call('HGET', KEYS[2], 'epoch') ~= epoch then
  -- the disk may know of a lock that Redis has forgotten: who released it looks, or a sweep, should it not come to that
  due(KEYS[3], 'release', now + lease)
  return answer('LOOK')
end
toWiping(KEYS[2], KEYS[3])
return answer('WIPE')
