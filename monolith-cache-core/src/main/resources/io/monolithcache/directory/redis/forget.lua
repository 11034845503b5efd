-- The last step of wipes. KEYS: epoch, index, due, cache … ARGV: id …
for i = 4, #KEYS do
  if redis.call('HGET', KEYS[i], 'phase') == 'wiping' then
    redis.call('DEL', KEYS[i])
    redis.call('ZREM', KEYS[2], ARGV[i - 1])
    -- the end of a lock that was taken away
    redis.call('ZREM', KEYS[3], ARGV[i - 1])
  end
end
return answer('OK')
