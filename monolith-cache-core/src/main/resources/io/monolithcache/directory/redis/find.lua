-- KEYS: epoch, cache … Answers with a list for each: the location, the root, the lock if it stands, and the living owners
-- with their leases; with an empty one for a cache that is not there.
local leases = {}
local function leaseOf(owner)
  if leases[owner] == nil then
    leases[owner] = redis.call('GET', prefix .. 'owner:' .. owner)
  end
  return leases[owner]
end

local found = {}
for i = 2, #KEYS do
  local one = {}
  local cache = redis.call('HMGET', KEYS[i], 'phase', 'location', 'root')
  if cache[1] == 'live' then
    local lock, stands = lockOf(KEYS[i])
    one = {cache[2], cache[3], stands and lock or ''}
    for _, owner in ipairs(owners(KEYS[i])) do
      local lease = leaseOf(owner)
      if lease then
        one[#one + 1] = owner
        one[#one + 1] = lease
      end
    end
  end
  found[#found + 1] = one
end
return answer('OK', unpack(found))
