package io.contractbuilder.scheduler.redis;

import io.contractbuilder.redis.Redis;
import java.time.Duration;
import java.util.List;

/**
 * Decides in one step what may be pushed. The chain's scheduler stops on a {@code create} of what
 * it has and on an {@code update} of what it lacks (chain formats, §6), so what it will hold once
 * it comes to a new item has to be known:
 *
 * <ul>
 *   <li>the newest waiting item of this contract says it;
 *   <li>where none waits, what it holds now says it, unless that is not what was pushed last: then
 *       an item may be in its hands, taken from the list and not carried out yet;
 *   <li>where that is so, or more items wait than are looked at, it is not known.
 * </ul>
 *
 * <p>Not known, {@code delete} and {@code create} are pushed together: a {@code delete} of what it
 * lacks is ignored, and after it a {@code create} is right. A task that asks for a {@code delete}
 * has it pushed once whatever is known (chain formats, §8): what was pushed last says whose it was.
 */
final class SchedulerScript {
  /** How many waiting items are looked at, the newest first; 10,000 take a few milliseconds. */
  private static final int LOOKED_AT = 10_000;

  /** How long an item that was taken from the list may take to be carried out. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private static final String LUA =
      """
      local list, params, last = KEYS[1], KEYS[2], KEYS[3]
      local id, delete, create, update = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
      local expiry, limit, task = ARGV[5], tonumber(ARGV[6]), ARGV[7]
      local actions = {create = true, update = true, delete = true}

      local function read(text)
        local ok, item = pcall(cjson.decode, text)
        return ok and type(item) == 'table' and item or {}
      end

      local function same(a, b)
        for _, field in ipairs({'txn_type', 'execution_order', 'cron', 'seconds'}) do
          local x, y = a[field], b[field]
          if x == nil then x = cjson.null end
          if y == nil then y = cjson.null end
          if x ~= y then return false end
        end
        return true
      end

      -- The newest waiting item of the contract, and whether it is known to be that.
      local function waiting()
        local length = redis.call('LLEN', list)
        for from = 0, length - 1, 500 do
          if from >= limit then return nil, false end
          for _, text in ipairs(redis.call('LRANGE', list, from, from + 499)) do
            if string.find(text, id, 1, true) then
              local item = read(text)
              if item.contract_id == id and actions[item.action] then return item, true end
            end
          end
        end
        return nil, true
      end

      local held = nil
      local newest, known = waiting()
      if newest then
        if newest.action ~= 'delete' then held = newest end
      elseif known then
        local text = redis.call('HGET', params, id)
        if text then held = read(text) end
        local pushed = redis.call('GET', last)
        if pushed then
          pushed = read(pushed)
          if pushed.action == 'delete' then
            known = held == nil
          else
            known = held ~= nil and same(held, pushed)
          end
        end
      end

      local function push(item, remembered)
        redis.call('LPUSH', list, item)
        redis.call('SET', last, remembered or item, 'EX', expiry)
      end

      if create == '' then
        local asked = task ~= '' and string.sub(delete, 1, -2) .. ',"task":"' .. task .. '"}'
        if known and not held and (not asked or redis.call('GET', last) == asked) then
          return 0
        end
        push(delete, asked or delete)
      elseif not known then
        push(delete)
        push(create)
      elseif not held then
        push(create)
      elseif same(held, read(create)) then
        return 0
      else
        push(update)
      end
      return 1
      """;

  private SchedulerScript() {}

  /**
   * Pushes what makes the scheduler hold this.
   *
   * @param create and {@code update}: the two ways to say it; both empty to make it hold nothing
   * @param task to which a {@code delete} is due whatever is known; empty: to none
   * @return whether anything had to be pushed
   */
  static boolean run(
      Redis redis,
      String operation,
      String id,
      String delete,
      String create,
      String update,
      String task) {
    Object pushed =
        redis.script(
            operation,
            LUA,
            List.of(
                RedisScheduler.WAITING, RedisScheduler.HELD, "contract-builder:scheduled:" + id),
            List.of(
                id,
                delete,
                create,
                update,
                Long.toString(REMEMBERED.toSeconds()),
                Integer.toString(LOOKED_AT),
                task));
    return Long.valueOf(1).equals(pushed);
  }
}
