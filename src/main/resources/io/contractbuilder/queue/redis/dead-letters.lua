-- ARGV: how many.
local all = {}
for _, n in ipairs(call('ZRANGE', DEAD, 0, ARGV[1] - 1)) do
  local f = call('HMGET', task(n),
      'contract', 'action', 'reason', 'arrived', 'failed', 'attempts')
  table.insert(all, {n, f[1], f[2], f[3], f[4], f[5], f[6], ''})
end
return all
