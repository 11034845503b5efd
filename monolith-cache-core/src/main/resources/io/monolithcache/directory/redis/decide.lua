-- What becomes of a cache that nobody may need. KEYS: epoch, cache, index, due.
-- ARGV: the epoch and the lock that were seen, gone | locked | free as the disk says, the lock to be restored,
--       id, location, root, creation in ms. Answers with dead references and ended locks.
if epoch ~= ARGV[3] then
  return answer('LATER', 0, 0)
end
if elsewhere(KEYS[2], ARGV[9]) then
  local there = redis.call('HGET', KEYS[2], 'root')
  redis.call('ZREM', KEYS[3], ARGV[7])
  if ARGV[5] == 'gone' or now < ripe or inhabited(there) then
    return answer('KEPT', 0, 0)
  end
  -- a root that was made anew over its caches has another name: they come along
  redis.call('ZREM', prefix .. 'index:' .. there, ARGV[7])
  redis.call('HSET', KEYS[2], 'location', ARGV[8], 'root', ARGV[9])
  redis.call('ZADD', KEYS[3], ARGV[10], ARGV[7])
  redis.call('SADD', prefix .. 'roots', ARGV[9])
end
local seen, disk = ARGV[4], ARGV[5]
local phase = redis.call('HGET', KEYS[2], 'phase')
local dead, ended = 0, 0
if not phase then
  if disk == 'gone' then
    redis.call('ZREM', KEYS[3], ARGV[7])
    return answer('KEPT', 0, 0)
  end
  if now < ripe then
    due(KEYS[4], 'epoch', ripe)
    return answer('LATER', 0, 0)
  end
  phase = disk == 'locked' and 'live' or 'wiping'
  redis.call('HSET', KEYS[2], 'phase', phase, 'epoch', '', 'location', ARGV[8], 'root', ARGV[9], 'created', ARGV[10])
  redis.call('ZADD', KEYS[3], ARGV[10], ARGV[7])
  redis.call('SADD', prefix .. 'roots', ARGV[9])
  if disk == 'locked' then
    setLock(KEYS[2], KEYS[4], ARGV[6])
    return answer('KEPT', 0, 0)
  end
  due(KEYS[4], ARGV[7], now + lease)
elseif phase == 'live' then
  local living = 0
  for _, owner in ipairs(owners(KEYS[2])) do
    if alive(owner) then
      living = living + 1
    else
      dead = dead + redis.call('HDEL', KEYS[2], 'o:' .. owner)
    end
  end
  local lock, stands = lockOf(KEYS[2])
  if lock ~= '' and not stands then
    ended = redis.call('HDEL', KEYS[2], 'lock')
  end
  if living > 0 then
    return answer('KEPT', dead, ended)
  end
  if not mature(KEYS[2]) then
    due(KEYS[4], 'epoch', ripe)
    return answer('LATER', dead, ended)
  end
  if disk == 'locked' and not stands then
    setLock(KEYS[2], KEYS[4], ARGV[6])
    return answer('KEPT', dead, ended)
  end
  -- a lock that the disk does not know, and that has not changed since, is what is left of an unlock
  if stands and (disk == 'locked' or lock ~= seen) then
    return answer('KEPT', dead, ended)
  end
  toWiping(KEYS[2], KEYS[4])
end
if not mature(KEYS[2]) then
  due(KEYS[4], 'epoch', ripe)
  return answer('LATER', dead, ended)
end
return answer('WIPE', dead, ended)
