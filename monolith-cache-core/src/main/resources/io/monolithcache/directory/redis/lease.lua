-- A new incarnation of an owner. KEYS: epoch, lease, process, owners of the root, roots, leases before …
-- ARGV: incarnation, who it is, root, whether it is the first.
-- Answers with what Redis does when its memory is full, how many of the leases before were gone, and whether it has not known the root.
if ARGV[6] == '1' and known[4] and known[4] ~= ARGV[2] then
  -- who has the longer one would be taken for dead by the others before its next heartbeat
  for _, root in ipairs(redis.call('SMEMBERS', KEYS[5])) do
    if inhabited(root) then
      return redis.error_reply('LEASE ' .. known[4])
    end
  end
  redis.call('HSET', KEYS[1], 'lease', ARGV[2])
end
redis.call('HSET', KEYS[1], 'beaten', string.format('%.0f', now))
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[2])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[2])
-- what was told in those names is claimed until it is told in the new one
local refused = 0
for i = 6, #KEYS do
  if not redis.call('SET', KEYS[i], ARGV[4], 'XX', 'PX', ARGV[2]) then
    refused = refused + 1
  end
end
redis.call('SADD', KEYS[4], ARGV[3])
local new = redis.call('SADD', KEYS[5], ARGV[5])
redis.call('ZREM', prefix .. 'unused', ARGV[5])
-- what Redis does when its memory is full, if it ever is
local memory = redis.call('INFO', 'memory')
local bounded = string.match(memory, '\nmaxmemory:(%d+)') ~= '0'
return answer('OK', bounded and string.match(memory, 'maxmemory_policy:(%S+)') or 'noeviction', refused, new)
