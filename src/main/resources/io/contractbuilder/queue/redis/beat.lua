-- ARGV: worker, how long it is alive now, the chain's list, and a slot and its step for each of its
-- hands that is at one. A server that has just started does not know who said something while it
-- was away, so nobody is dead yet.
local alive = tonumber(ARGV[2])
call('ZADD', Q .. 'workers', text(now + alive), ARGV[1])
local put = 0
local dead = call('ZRANGEBYSCORE', Q .. 'workers', '-inf', now)
if #dead > 0 then
  local up = string.match(call('INFO', 'server'), 'uptime_in_seconds:(%d+)')
  if tonumber(up) * 1000 > alive then
    for _, worker in ipairs(dead) do put = put + empty(worker, true) end
  end
end
call('DEL', steps(ARGV[1]))
for i = 4, #ARGV, 2 do call('HSET', steps(ARGV[1]), ARGV[i], ARGV[i + 1]) end
return state(ARGV[3], put)
