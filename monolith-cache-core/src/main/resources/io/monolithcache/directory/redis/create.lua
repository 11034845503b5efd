-- KEYS: epoch, cache, index, lease. ARGV: incarnation, id, location, root, creation in ms.
if redis.call('EXISTS', KEYS[4]) == 0 then
  return answer('RECOVER')
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return answer('TAKEN')
end
redis.call('ZADD', KEYS[3], ARGV[7], ARGV[4])
redis.call('HSET', KEYS[2], 'phase', 'live', 'epoch', epoch, 'location', ARGV[5], 'root', ARGV[6], 'created', ARGV[7],
    'o:' .. ARGV[3], '')
return answer('OK')
