local worker, slot, n, action, reason = unpack(ARGV)
local c = let_go(worker, slot, n)
if not c then return 0 end
call('HSET', task(n), 'action', action, 'reason', reason, 'failed', text(now))
call('ZADD', DEAD, text(now), n)
release(c)
return 1
