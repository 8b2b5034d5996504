-- ARGV: the chain's list, how many of each kind. Of events, which hold secrets, only the action and
-- the type go out.
local most = tonumber(ARGV[2])
local function row(n, contract, ...)
  local f = call('HMGET', task(n), 'arrived', 'taken', 'attempts', 'reason')
  local action, name = '', ''
  if call('HSTRLEN', task(n), 'event') <= 65536 then
    local ok, read = pcall(cjson.decode, call('HGET', task(n), 'event') or '')
    if ok and type(read) == 'table' then
      if type(read.task_type) == 'string' then action = read.task_type end
      if type(read.txn_type) == 'string' then name = string.sub(read.txn_type, 1, 64) end
    end
  end
  return {n, contract, action, name, f[1], f[2], f[3], f[4], ...}
end
local running, waiting, paused, dead = {}, {}, {}, {}
for _, worker in ipairs(call('ZRANGE', Q .. 'workers', 0, -1)) do
  local held = call('HGETALL', hands(worker))
  for i = 2, #held, 2 do
    if #running >= most then break end
    local n, c = string.match(held[i], '^(%S+) (.*)$')
    local step = call('HGET', steps(worker), held[i - 1]) or ''
    table.insert(running, row(n, c, worker, step))
  end
end
for _, n in ipairs(call('ZRANGE', Q .. 'waiting', 0, most - 1)) do
  table.insert(waiting, row(n, call('HGET', task(n), 'contract') or ''))
end
local due = call('ZRANGE', Q .. 'delayed', 0, most - 1, 'WITHSCORES')
for i = 1, #due, 2 do
  local n = call('LINDEX', list(due[i]), 0)
  if n then table.insert(paused, row(n, due[i], due[i + 1])) end
end
for _, n in ipairs(call('ZREVRANGE', DEAD, 0, most - 1)) do
  table.insert(dead, row(n, call('HGET', task(n), 'contract') or '',
      call('HGET', task(n), 'failed') or ''))
end
return {text(now), state(ARGV[1], 0), running, waiting, paused, dead}
