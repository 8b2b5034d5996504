-- What all the other scripts stand on: it is put before each of them. Keys, all below
-- contract-builder:queue:
--
--   number               the number of the task that came last
--   task:<number>        a hash of the task itself; nothing else holds the event, and it is removed
--                        when the task is done or dropped
--   contract:<id>        the numbers that wait for a contract, the next one left
--   ready                the contracts of which a task can be taken, the next one left
--   delayed              the contracts whose next task waits for another try, by when it is due
--   busy                 the contracts that are ready, delayed or have a task in hand
--   waiting              all numbers that wait, by when they came
--   held:<worker>        a hash of a worker's hands: <number> <contract>
--   steps:<worker>       a hash of the steps that its hands were at when it last spoke
--   workers              the workers, by when each is dead if it says nothing
--   deaths               how many workers have died, whatever they had in hand
--
-- and contract-builder:dead-letter, the numbers of what failed for good, by when. Times are the
-- server's, in milliseconds. Lists of contracts are named by what is in them, so keys are not
-- declared: a cluster is refused by its own words.

-- Before Redis 7 a script that asks for the time may only then write.
redis.replicate_commands()
local Q = 'contract-builder:queue:'
local DEAD = 'contract-builder:dead-letter'
local call = redis.call
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function task(n) return Q .. 'task:' .. n end
local function list(c) return Q .. 'contract:' .. c end
local function hands(worker) return Q .. 'held:' .. worker end
local function steps(worker) return Q .. 'steps:' .. worker end

local function wait(n)
  call('ZADD', Q .. 'waiting', call('HGET', task(n), 'arrived') or text(now), n)
end

-- Behind all that wait for the contract.
local function append(c, n)
  call('RPUSH', list(c), n)
  wait(n)
  if call('SADD', Q .. 'busy', c) == 1 then call('RPUSH', Q .. 'ready', c) end
end

-- Before all that wait for the contract.
local function put_back(c, n)
  call('LPUSH', list(c), n)
  wait(n)
end

-- Its task is out of hand: the others' turn is before its next one.
local function release(c)
  if call('EXISTS', list(c)) == 1 then
    call('RPUSH', Q .. 'ready', c)
  else
    call('SREM', Q .. 'busy', c)
  end
end

-- The contract of the task in a hand, which is empty then; nil: that task is not in it.
local function let_go(worker, slot, n)
  local held = call('HGET', hands(worker), slot)
  if not held or string.sub(held, 1, #n + 1) ~= n .. ' ' then return nil end
  call('HDEL', hands(worker), slot)
  return string.sub(held, #n + 2)
end

-- How often a task ended the process that had it in hand. Where processes die without it, too, they
-- die of something else: these deaths are taken off. A hundred are enough all the same.
local function blame(n)
  local f = call('HMGET', task(n), 'deaths', 'before')
  local with = tonumber(f[1] or 0)
  local all = (call('GET', Q .. 'deaths') or 0) - (f[2] or 0)
  return with < 100 and math.max(0, 2 * with - all) or with
end

-- All that a worker holds goes back; a death is counted.
local function empty(worker, died)
  if died then call('INCR', Q .. 'deaths') end
  local held = call('HGETALL', hands(worker))
  for i = 2, #held, 2 do
    local n, c = string.match(held[i], '^(%S+) (.*)$')
    if call('EXISTS', task(n)) == 1 then
      if died then call('HINCRBY', task(n), 'deaths', 1) end
      put_back(c, n)
      call('LPUSH', Q .. 'ready', c)
    else
      release(c)
    end
  end
  call('DEL', hands(worker), steps(worker))
  call('ZREM', Q .. 'workers', worker)
  return #held / 2
end

-- How the queue is; `from` is the chain's list.
local function state(from, put)
  local held = 0
  for _, worker in ipairs(call('ZRANGE', Q .. 'workers', 0, -1)) do
    held = held + call('HLEN', hands(worker))
  end
  local first = call('ZRANGE', Q .. 'waiting', 0, 0, 'WITHSCORES')
  local age = first[2] and math.max(0, now - first[2]) or 0
  return {call('ZCARD', Q .. 'waiting') + call('LLEN', from), held,
      call('ZCARD', Q .. 'delayed'), call('ZCARD', DEAD), call('ZCARD', Q .. 'workers'),
      put, age}
end
