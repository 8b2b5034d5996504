local n = ARGV[1]
if call('ZREM', DEAD, n) == 0 then return 0 end
call('DEL', task(n))
return 1
