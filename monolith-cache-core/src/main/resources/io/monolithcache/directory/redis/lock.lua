-- KEYS: epoch, cache, lease, due. ARGV: incarnation, stamp, end in ms or nothing.
if redis.call('EXISTS', KEYS[3]) == 0 or redis.call('HGET', KEYS[2], 'phase') ~= 'live'
    or redis.call('HEXISTS', KEYS[2], 'o:' .. ARGV[3]) == 0 then
  return answer('RECOVER')
end
local _, stands, stop = lockOf(KEYS[2])
local wanted = tonumber(ARGV[5])
if stands and not stop then
  wanted = nil
elseif stands and wanted then
  wanted = math.max(wanted, stop)
end
setLock(KEYS[2], KEYS[4], ARGV[4] .. (wanted and string.format('|%.0f', wanted) or ''))
return answer('OK')
