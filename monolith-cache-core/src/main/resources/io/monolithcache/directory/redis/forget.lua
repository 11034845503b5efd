-- The last step of wipes. KEYS: epoch, index, cache … ARGV: id …
for i = 3, #KEYS do
  if redis.call('HGET', KEYS[i], 'phase') == 'wiping' then
    redis.call('DEL', KEYS[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
  end
end
return answer('OK')
