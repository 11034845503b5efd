-- Every script begins with this. KEYS[1] is the epoch; ARGV[1] names a new one, should it begin; ARGV[2] is a lease in ms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local known = redis.call('HMGET', KEYS[1], 'id', 'since', 'server', 'lease', 'format', 'beaten')
if known[5] and known[5] ~= '1' then
  return redis.error_reply('FORMAT ' .. known[5])
end
local epoch, since, lease = known[1], tonumber(known[2]), math.max(tonumber(ARGV[2]), tonumber(known[4] or 0))
-- No heartbeat for a lease: perhaps Redis itself stood still, and every lease with it. Nobody is heard until the next one.
local silent = known[6] and known[6] ~= '' and now - tonumber(known[6]) >= lease
if not epoch or known[3] ~= server or silent then
  epoch, since = ARGV[1], now
  redis.call('HSET', KEYS[1], 'id', epoch, 'since', string.format('%.0f', since), 'server', server,
      'lease', known[4] or lease, 'format', 1, 'beaten', '')
end
local ripe = since + 2 * lease
local prefix = string.sub(KEYS[1], 1, -6)

-- What every script answers: a word, the epoch, the time, when the epoch is old enough for everything to be decided.
local function answer(word, ...)
  return {word, epoch, now, ripe, ...}
end

-- The same with a list at its end, however long: unpack takes some thousands at most.
local function answerWith(list, word, ...)
  local all = answer(word, ...)
  for i = 1, #list do
    all[#all + 1] = list[i]
  end
  return all
end

local function alive(owner)
  return redis.call('EXISTS', prefix .. 'owner:' .. owner) == 1
end

-- Whether an owner lives who may hold something in a root.
local function inhabited(root)
  for _, owner in ipairs(redis.call('SMEMBERS', prefix .. 'owners:' .. root)) do
    if alive(owner) then
      return true
    end
  end
  return false
end

-- Forgets a root of which nothing is left.
local function vacate(root)
  if redis.call('EXISTS', prefix .. 'owners:' .. root) == 0 and redis.call('EXISTS', prefix .. 'index:' .. root) == 0 then
    redis.call('DEL', prefix .. 'due:' .. root)
    redis.call('SREM', prefix .. 'roots', root)
    redis.call('ZREM', prefix .. 'unused', root)
  end
end

-- Whether enough is known of a cache to decide that nobody needs it.
local function mature(cache)
  return now >= ripe or redis.call('HGET', cache, 'epoch') == epoch
end

local function owners(cache)
  local names = {}
  for _, field in ipairs(redis.call('HKEYS', cache)) do
    if string.sub(field, 1, 2) == 'o:' then
      names[#names + 1] = string.sub(field, 3)
    end
  end
  return names
end

-- The lock of a cache as it is noted, and whether it still stands: a stamp, and its end in ms, or nothing for none.
local function lockOf(cache)
  local lock = redis.call('HGET', cache, 'lock')
  if not lock then
    return '', false, nil
  end
  local stop = tonumber(string.match(lock, '|(%d+)$'))
  return lock, not stop or stop > now, stop
end

-- The answer about a cache that Redis knows in another root than the caller's; nothing else may be done with it here.
local function elsewhere(cache, root)
  local known = redis.call('HMGET', cache, 'root', 'location')
  return known[1] and known[1] ~= root and answer('ELSEWHERE', known[2] or '') or nil
end

-- A sweep has something to do here at that time.
local function due(key, member, at)
  redis.call('ZADD', key, string.format('%.0f', at), member)
end

local function idOf(cache)
  return string.sub(cache, #prefix + #'cache:' + 1)
end

-- Notes a lock, and that a sweep has to mind its end if it has one.
local function setLock(cache, dues, lock)
  redis.call('HSET', cache, 'lock', lock)
  local stop = tonumber(string.match(lock, '|(%d+)$'))
  if stop then
    due(dues, idOf(cache), stop)
  end
end

-- Nobody needs it any more. Should whoever is to wipe it not finish, a sweep does.
local function toWiping(cache, dues)
  redis.call('HSET', cache, 'phase', 'wiping')
  redis.call('HDEL', cache, 'lock')
  due(dues, idOf(cache), now + lease)
end
