local worker, slot, n = unpack(ARGV)
local c = let_go(worker, slot, n)
if not c then return 0 end
put_back(c, n)
call('LPUSH', Q .. 'ready', c)
return 1
