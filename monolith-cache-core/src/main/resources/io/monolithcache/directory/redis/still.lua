-- Whether what was decided in an epoch still is to be done. KEYS: epoch, cache … ARGV: that epoch. Answers 1 or 0 for each.
local still = {}
for i = 2, #KEYS do
  still[i - 1] = epoch == ARGV[3] and redis.call('HGET', KEYS[i], 'phase') == 'wiping' and 1 or 0
end
return answer('OK', unpack(still))
