-- Takes a reference back, and decides nothing. KEYS: epoch, cache. ARGV: incarnation.
redis.call('HDEL', KEYS[2], 'o:' .. ARGV[3])
return answer('OK')
