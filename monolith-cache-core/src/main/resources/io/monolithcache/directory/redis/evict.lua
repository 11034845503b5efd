-- KEYS: epoch, cache, due. ARGV: root. Answers with the owners, and what their leases say, where there are any.
local strange = elsewhere(KEYS[2], ARGV[3])
if strange then
  return strange
end
local phase = redis.call('HGET', KEYS[2], 'phase')
if not phase then
  return answer('ABSENT')
end
local living = {}
if phase == 'live' then
  for _, owner in ipairs(owners(KEYS[2])) do
    local lease = redis.call('GET', prefix .. 'owner:' .. owner)
    if lease then
      living[#living + 1] = owner
      living[#living + 1] = lease
    else
      redis.call('HDEL', KEYS[2], 'o:' .. owner)
    end
  end
end
if #living > 0 then
  return answerWith(living, 'IN_USE')
end
if not mature(KEYS[2]) then
  return answer('LATER')
end
toWiping(KEYS[2], KEYS[3])
return answer('WIPE')
