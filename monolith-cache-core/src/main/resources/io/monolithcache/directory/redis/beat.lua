-- Renews a lease that is there. KEYS: epoch, lease, process. ARGV: who it is.
if not redis.call('SET', KEYS[2], ARGV[3], 'XX', 'PX', ARGV[2]) then
  return answer('REFUSED')
end
redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[2])
redis.call('HSET', KEYS[1], 'beaten', string.format('%.0f', now))
return answer('OK')
