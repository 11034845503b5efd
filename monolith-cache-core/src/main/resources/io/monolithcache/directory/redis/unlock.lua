-- KEYS: epoch, cache, lease. ARGV: incarnation.
if redis.call('EXISTS', KEYS[3]) == 0 or redis.call('HGET', KEYS[2], 'phase') ~= 'live'
    or redis.call('HEXISTS', KEYS[2], 'o:' .. ARGV[3]) == 0 then
  return answer('RECOVER')
end
redis.call('HDEL', KEYS[2], 'lock')
return answer('OK')
