-- One that waits again already is as it shall be.
local n = ARGV[1]
if call('ZREM', DEAD, n) == 0 then return call('EXISTS', task(n)) end
call('HDEL', task(n), 'action', 'reason', 'failed', 'attempts', 'deaths', 'before')
append(call('HGET', task(n), 'contract') or 'none-' .. n, n)
return 1
