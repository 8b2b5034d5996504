local n = ARGV[1]
if not call('ZSCORE', DEAD, n) then return false end
local f = call('HMGET', task(n),
    'contract', 'action', 'reason', 'arrived', 'failed', 'attempts', 'event')
return {n, f[1], f[2], f[3], f[4], f[5], f[6], f[7]}
