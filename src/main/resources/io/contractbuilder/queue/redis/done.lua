local worker, slot, n = unpack(ARGV)
local c = let_go(worker, slot, n)
if not c then return 0 end
call('DEL', task(n))
release(c)
return 1
