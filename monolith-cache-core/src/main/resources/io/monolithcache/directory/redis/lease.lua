-- A new incarnation of an owner. KEYS: epoch, lease, process, owners of the root, roots. ARGV: incarnation, who it is, root.
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[2])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[2])
redis.call('SADD', KEYS[4], ARGV[3])
redis.call('SADD', KEYS[5], ARGV[5])
return answer('OK')
