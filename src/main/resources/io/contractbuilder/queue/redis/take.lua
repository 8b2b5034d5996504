-- ARGV: worker, slot, how long it is alive if it has never said so.
local worker, slot = ARGV[1], ARGV[2]
local held = call('HGET', hands(worker), slot)
if not held then
  local due = call('ZRANGEBYSCORE', Q .. 'delayed', '-inf', now, 'LIMIT', 0, 100)
  for _, c in ipairs(due) do
    call('ZREM', Q .. 'delayed', c)
    call('RPUSH', Q .. 'ready', c)
  end
  local c, n
  repeat
    c = call('LPOP', Q .. 'ready')
    if not c then return false end
    n = call('LPOP', list(c))
    if not n then call('SREM', Q .. 'busy', c) end
  until n
  call('ZREM', Q .. 'waiting', n)
  held = n .. ' ' .. c
  call('HSET', hands(worker), slot, held)
  call('HSET', task(n), 'taken', text(now))
  call('HSETNX', task(n), 'before', call('GET', Q .. 'deaths') or 0)
  if not call('ZSCORE', Q .. 'workers', worker) then
    call('ZADD', Q .. 'workers', text(now + ARGV[3]), worker)
  end
end
local n = string.match(held, '^%S+')
local f = call('HMGET', task(n), 'event', 'arrived', 'attempts', 'from')
return {n, f[1], f[2], f[3], blame(n), f[4]}
