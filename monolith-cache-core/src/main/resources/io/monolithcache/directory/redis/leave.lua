-- Ends an owner. KEYS: epoch, lease, process, owners of the root.
-- ARGV: incarnation, whether it holds nothing any more, root.
redis.call('DEL', KEYS[2], KEYS[3])
if ARGV[4] == '1' then
  redis.call('SREM', KEYS[4], ARGV[3])
  vacate(ARGV[5])
end
return answer('OK')
