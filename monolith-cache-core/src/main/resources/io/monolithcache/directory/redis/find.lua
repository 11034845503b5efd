-- KEYS: epoch, cache. Answers with the location, the root, the lock if it stands, and the living owners with their leases.
if redis.call('HGET', KEYS[2], 'phase') ~= 'live' then
  return answer('NOT_FOUND')
end
local living = {}
for _, owner in ipairs(owners(KEYS[2])) do
  local lease = redis.call('GET', prefix .. 'owner:' .. owner)
  if lease then
    living[#living + 1] = owner
    living[#living + 1] = lease
  end
end
local lock, stands = lockOf(KEYS[2])
return answerWith(living, 'OK', redis.call('HGET', KEYS[2], 'location'), redis.call('HGET', KEYS[2], 'root'),
    stands and lock or '')
