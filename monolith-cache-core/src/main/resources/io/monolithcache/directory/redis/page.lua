-- A page of the ids of one root, or of all, in their order. KEYS: epoch, roots.
-- ARGV: time of the id to begin after, that id, size, root or nothing.
local page, size = {}, tonumber(ARGV[5])
for _, root in ipairs(ARGV[6] == '' and redis.call('SMEMBERS', KEYS[2]) or {ARGV[6]}) do
  local index, offset, found, more = prefix .. 'index:' .. root, 0, 0, true
  while found < size and more do
    -- ids of one instant are in their order too
    local ids = redis.call('ZRANGEBYSCORE', index, ARGV[3], '+inf', 'LIMIT', offset, size)
    for _, id in ipairs(ids) do
      if id > ARGV[4] then
        page[#page + 1] = id
        found = found + 1
      end
    end
    more, offset = #ids == size, offset + size
  end
end
table.sort(page)
return answer('OK', unpack(page, 1, math.min(#page, size)))
