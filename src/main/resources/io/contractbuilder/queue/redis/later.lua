local worker, slot, n, pause, why = unpack(ARGV)
local c = let_go(worker, slot, n)
if not c then return 0 end
call('HINCRBY', task(n), 'attempts', 1)
call('HSET', task(n), 'reason', why)
put_back(c, n)
call('ZADD', Q .. 'delayed', text(now + pause), c)
return 1
