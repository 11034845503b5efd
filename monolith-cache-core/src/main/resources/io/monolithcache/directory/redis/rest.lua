-- What a sweep looks at when there may be nothing to do. KEYS: epoch, owners of the root, due. Answers with the dead.
local dead = {}
for _, owner in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if not alive(owner) and #dead < 1000 then
    dead[#dead + 1] = owner
  end
end
local first = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now), 'LIMIT', 0, 1)
return answer(#first > 0 and 'DUE' or 'OK', unpack(dead))
