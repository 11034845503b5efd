-- Whether what was decided in an epoch still is to be done. KEYS: epoch, cache. ARGV: that epoch.
if epoch ~= ARGV[3] or redis.call('HGET', KEYS[2], 'phase') ~= 'wiping' then
  return answer('GIVE_UP')
end
return answer('OK')
