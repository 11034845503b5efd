-- What a sweep looks at when there may be nothing to do. KEYS: epoch, owners of the root, due, unused. ARGV: root.
-- Answers with the dead.
redis.call('ZREM', KEYS[4], ARGV[3])
local dead = {}
for _, owner in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if not alive(owner) and #dead < 1000 then
    dead[#dead + 1] = owner
  end
end
local first = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now), 'LIMIT', 0, 1)
return answer(#first > 0 and 'DUE' or 'OK', unpack(dead))
