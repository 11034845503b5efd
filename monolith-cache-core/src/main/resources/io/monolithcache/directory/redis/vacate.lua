-- Forgets the roots that nobody has used for long. KEYS: epoch, roots, unused.
-- ARGV: for how many ms, how many caches at once at most. Answers MORE if there are more of these.
if now < ripe then
  return answer('LATER')
end
local long = {}
for _, root in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now))) do
  long[root] = true
end
local left = tonumber(ARGV[4])
for _, root in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if not inhabited(root) then
    local index = prefix .. 'index:' .. root
    for _, id in ipairs(long[root] and redis.call('ZRANGEBYSCORE', index, '-inf', '+inf', 'LIMIT', 0, left) or {}) do
      if redis.call('HGET', prefix .. 'cache:' .. id, 'root') == root then
        redis.call('DEL', prefix .. 'cache:' .. id)
      end
      redis.call('ZREM', index, id)
      left = left - 1
    end
    if redis.call('EXISTS', index) == 1 then
      -- until its next use; what it says of its caches is the last that is known of them
      redis.call('ZADD', KEYS[3], 'NX', string.format('%.0f', now + tonumber(ARGV[3])), root)
    else
      redis.call('DEL', prefix .. 'owners:' .. root)
      vacate(root)
    end
    if left == 0 then
      return answer('MORE')
    end
  end
end
return answer('OK')
