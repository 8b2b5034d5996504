-- ARGV: the list, how many tasks at most, and about how many bytes. The list loses a task last, so
-- that one that cannot be kept stays where it is.
local from, tasks, bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local count, size = 0, 0
while count < tasks and size < bytes do
  local event = call('LINDEX', from, -1)
  if not event then break end
  local n = text(call('INCR', Q .. 'number'))
  -- What names no contract waits for nobody, and nobody for it.
  local c = 'none-' .. n
  if #event <= 1048576 then
    local ok, read = pcall(cjson.decode, event)
    local id = ok and type(read) == 'table' and read.id
    if type(id) == 'string' and #id == 36 and string.match(id, '^[0-9a-f-]+$') then
      c = id
    end
  end
  call('HSET', task(n), 'event', event, 'contract', c, 'arrived', text(now), 'from', from)
  append(c, n)
  call('RPOP', from)
  count, size = count + 1, size + #event
end
local due = call('ZCOUNT', Q .. 'delayed', '-inf', now)
return {count, call('LLEN', Q .. 'ready') + due}
