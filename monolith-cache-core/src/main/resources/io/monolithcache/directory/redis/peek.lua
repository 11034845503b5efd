-- What a sweep sees of some caches. KEYS: epoch, cache … ARGV: root. Answers with a state and a lock for each.
local seen = {}
for i = 2, #KEYS do
  local phase = redis.call('HGET', KEYS[i], 'phase')
  local lock, stands = '', false
  local state = phase or 'absent'
  if elsewhere(KEYS[i], ARGV[3]) then
    state = 'elsewhere'
  elseif phase == 'live' then
    lock, stands = lockOf(KEYS[i])
    local living, dead = 0, 0
    for _, owner in ipairs(owners(KEYS[i])) do
      if alive(owner) then
        living = living + 1
      else
        dead = dead + 1
      end
    end
    if living > 0 and dead == 0 and (stands or lock == '') then
      state = 'used'
    end
  end
  seen[#seen + 1] = state
  seen[#seen + 1] = lock
end
return answer('OK', unpack(seen))
