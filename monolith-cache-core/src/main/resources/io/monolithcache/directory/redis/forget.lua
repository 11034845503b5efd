-- The last step of a wipe. KEYS: epoch, cache, index. ARGV: id.
if redis.call('HGET', KEYS[2], 'phase') == 'wiping' then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
end
return answer('OK')
