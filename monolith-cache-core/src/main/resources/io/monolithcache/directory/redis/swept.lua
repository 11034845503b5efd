-- A sweep has ended. KEYS: epoch, owners of the root, due. ARGV: when it began, the dead that it has seen.
redis.call('ZREM', KEYS[3], 'sweep')
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[3])
local gone = 0
for i = 4, #ARGV do
  if not alive(ARGV[i]) then
    gone = gone + redis.call('SREM', KEYS[2], ARGV[i])
  end
end
return answer('OK', gone)
