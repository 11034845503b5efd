-- An owner tells again what it holds. KEYS: epoch, cache, index, lease, due.
-- ARGV: incarnation, its owner, id, location, root, creation in ms, whether it obeys a wipe, the lock on disk.
if redis.call('EXISTS', KEYS[4]) == 0 then
  return answer('RECOVER')
end
local phase = redis.call('HGET', KEYS[2], 'phase')
if phase == 'wiping' then
  if ARGV[9] == '1' or redis.call('HEXISTS', KEYS[2], 'forced') == 1 then
    return answer('LOST')
  end
  redis.call('HSET', KEYS[2], 'phase', 'live')
elseif not phase then
  redis.call('HSET', KEYS[2], 'phase', 'live', 'epoch', '', 'location', ARGV[6], 'root', ARGV[7], 'created', ARGV[8])
  redis.call('ZADD', KEYS[3], ARGV[8], ARGV[5])
end
redis.call('HSET', KEYS[2], 'o:' .. ARGV[3], '')
-- all of those before: one of them may have told half of it. A script that arrives late takes nothing from a later one
local number = tonumber(string.sub(ARGV[3], #ARGV[4] + 2))
for _, name in ipairs(owners(KEYS[2])) do
  if string.sub(name, 1, #ARGV[4] + 1) == ARGV[4] .. '.' and tonumber(string.sub(name, #ARGV[4] + 2)) < number then
    redis.call('HDEL', KEYS[2], 'o:' .. name)
  end
end
local _, stands = lockOf(KEYS[2])
if ARGV[10] ~= '' and not stands then
  setLock(KEYS[2], KEYS[5], ARGV[10])
end
return answer('OK')
