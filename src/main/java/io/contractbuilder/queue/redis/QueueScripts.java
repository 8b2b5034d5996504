package io.contractbuilder.queue.redis;

/**
 * What is done to the queue in one step each. Its keys, all below {@code contract-builder:queue:}:
 *
 * <ul>
 *   <li>{@code number}: the number of the task that came last;
 *   <li>{@code task:<number>}: a hash of the task itself; nothing else holds the event, and it is
 *       removed when the task is done or dropped;
 *   <li>{@code contract:<id>}: the numbers that wait for a contract, the next one left;
 *   <li>{@code ready}: the contracts of which a task can be taken, the next one left;
 *   <li>{@code delayed}: the contracts whose next task waits for another try, by when it is due;
 *   <li>{@code busy}: the contracts that are ready, delayed or have a task in hand;
 *   <li>{@code waiting}: all numbers that wait, by when they came;
 *   <li>{@code held:<worker>}: a hash of a worker's hands: {@code <number> <contract>};
 *   <li>{@code steps:<worker>}: a hash of the steps that its hands were at when it last spoke;
 *   <li>{@code workers}: the workers, by when each is dead if it says nothing.
 * </ul>
 *
 * <p>Times are the server's, in milliseconds. Lists of contracts are named by what is in them, so
 * keys are not declared: a cluster is refused by its own words.
 */
final class QueueScripts {
  /** What all of them stand on. */
  private static final String BASE =
      """
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

      -- All that a worker holds goes back; a death is counted.
      local function empty(worker, died)
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
      """;

  /**
   * ARGV: the list, how many tasks at most, and about how many bytes. The list loses a task last,
   * so that one that cannot be kept stays where it is.
   */
  static final String TAKE_IN =
      BASE
          + """
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
          """;

  /** ARGV: worker, slot, how long it is alive if it has never said so. */
  static final String TAKE =
      BASE
          + """
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
            if not call('ZSCORE', Q .. 'workers', worker) then
              call('ZADD', Q .. 'workers', text(now + ARGV[3]), worker)
            end
          end
          local n = string.match(held, '^%S+')
          local f = call('HMGET', task(n), 'event', 'arrived', 'attempts', 'deaths', 'from')
          return {n, f[1], f[2], f[3], f[4], f[5]}
          """;

  /** ARGV: worker, slot, number. */
  static final String DONE =
      BASE
          + """
          local c = let_go(ARGV[1], ARGV[2], ARGV[3])
          if not c then return 0 end
          call('DEL', task(ARGV[3]))
          release(c)
          return 1
          """;

  /** ARGV: worker, slot, number, the pause, why. */
  static final String LATER =
      BASE
          + """
          local c = let_go(ARGV[1], ARGV[2], ARGV[3])
          if not c then return 0 end
          call('HINCRBY', task(ARGV[3]), 'attempts', 1)
          call('HSET', task(ARGV[3]), 'reason', ARGV[5])
          put_back(c, ARGV[3])
          call('ZADD', Q .. 'delayed', text(now + ARGV[4]), c)
          return 1
          """;

  /** ARGV: worker, slot, number. */
  static final String PUT_BACK =
      BASE
          + """
          local c = let_go(ARGV[1], ARGV[2], ARGV[3])
          if not c then return 0 end
          put_back(c, ARGV[3])
          call('LPUSH', Q .. 'ready', c)
          return 1
          """;

  /** ARGV: worker, slot, number, action, reason. */
  static final String BURY =
      BASE
          + """
          local c = let_go(ARGV[1], ARGV[2], ARGV[3])
          if not c then return 0 end
          call('HSET', task(ARGV[3]), 'action', ARGV[4], 'reason', ARGV[5], 'failed', text(now))
          call('ZADD', DEAD, text(now), ARGV[3])
          release(c)
          return 1
          """;

  /**
   * ARGV: worker, how long it is alive now, the chain's list, and a slot and its step for each of
   * its hands that is at one. A server that has just started does not know who said something while
   * it was away, so nobody is dead yet.
   */
  static final String BEAT =
      BASE
          + """
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
          """;

  /** ARGV: worker. */
  static final String LEAVE = BASE + "return empty(ARGV[1], false)";

  /**
   * ARGV: the chain's list, how many of each kind. Of events, which hold secrets, only the action
   * and the type go out.
   */
  static final String LOOK =
      BASE
          + """
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
          """;

  /** ARGV: how many. */
  static final String DEAD_LETTERS =
      BASE
          + """
          local all = {}
          for _, n in ipairs(call('ZRANGE', DEAD, 0, ARGV[1] - 1)) do
            local f = call('HMGET', task(n),
                'contract', 'action', 'reason', 'arrived', 'failed', 'attempts')
            table.insert(all, {n, f[1], f[2], f[3], f[4], f[5], f[6], ''})
          end
          return all
          """;

  /** ARGV: number. */
  static final String DEAD_LETTER =
      BASE
          + """
          if not call('ZSCORE', DEAD, ARGV[1]) then return false end
          local f = call('HMGET', task(ARGV[1]),
              'contract', 'action', 'reason', 'arrived', 'failed', 'attempts', 'event')
          return {ARGV[1], f[1], f[2], f[3], f[4], f[5], f[6], f[7]}
          """;

  /** ARGV: number. One that waits again already is as it shall be. */
  static final String RETRY =
      BASE
          + """
          local n = ARGV[1]
          if call('ZREM', DEAD, n) == 0 then return call('EXISTS', task(n)) end
          call('HDEL', task(n), 'action', 'reason', 'failed', 'attempts', 'deaths')
          append(call('HGET', task(n), 'contract') or 'none-' .. n, n)
          return 1
          """;

  /** ARGV: number. */
  static final String DROP =
      BASE
          + """
          if call('ZREM', DEAD, ARGV[1]) == 0 then return 0 end
          call('DEL', task(ARGV[1]))
          return 1
          """;

  private QueueScripts() {}
}
