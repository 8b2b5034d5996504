package io.contractbuilder.redis;

import io.contractbuilder.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One Redis over one connection, made when it is first needed and made anew when it broke. What
 * passes by itself (refused, broken, {@code LOADING}, a fail-over) is tried again for 10 s, less if
 * the thread is interrupted; a try waits 3 s for a connection and 5 s for an answer.
 *
 * <p>Answers are RESP2's: {@code byte[]}, {@code Long}, {@code List} of these, or null. For several
 * threads, one after another.
 */
public final class Redis implements AutoCloseable {
  private final RedisAddress address;
  private final RedisLimits limits;
  private final RedisSockets sockets;
  private @Nullable Connection connection;

  public Redis(RedisAddress address) {
    this(address, RedisLimits.USUAL);
  }

  Redis(RedisAddress address, RedisLimits limits) {
    this.address = address;
    this.limits = limits;
    this.sockets =
        new RedisSockets(
            address, (int) limits.connect().toMillis(), (int) limits.answer().toMillis());
  }

  /** Where it is. */
  public RedisAddress address() {
    return address;
  }

  /**
   * Sends a command, perhaps more than once.
   *
   * @param operation what is tried, for messages: {@code "remove the document of contract …"}
   * @throws RedisException if it failed, with Redis's own words
   */
  public @Nullable Object command(String operation, RedisCommand command, String... arguments) {
    var bytes = new byte[arguments.length][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
    }
    return bytes(operation, command, bytes);
  }

  /** {@link #command} with arguments of any bytes. */
  public synchronized @Nullable Object bytes(
      String operation, RedisCommand command, byte[]... arguments) {
    long end = System.nanoTime() + limits.tries().toNanos();
    Duration pause = limits.firstPause();
    while (true) {
      try {
        return once(command, arguments);
      } catch (JedisException e) {
        RedisFault fault = RedisFault.of(e);
        if (fault.next() == RedisFault.Next.SOON || !(e instanceof JedisDataException)) {
          // Also what was refused for a while: after a fail-over the same name leads to another.
          close();
        }
        if (fault.next() != RedisFault.Next.SOON || System.nanoTime() + pause.toNanos() > end) {
          throw failure(operation, fault, e);
        }
        pause(operation, pause, fault, e);
        pause = RedisLimits.longer(pause);
      }
    }
  }

  /**
   * Runs a Lua script, perhaps more than once: it has to see that it ran before.
   *
   * @param keys its {@code KEYS}
   * @param arguments its {@code ARGV}
   */
  public @Nullable Object script(
      String operation, String lua, List<String> keys, List<String> arguments) {
    var all = new ArrayList<String>();
    all.add(lua);
    all.add(Integer.toString(keys.size()));
    all.addAll(keys);
    all.addAll(arguments);
    return command(operation, RedisCommand.EVAL, all.toArray(String[]::new));
  }

  /** Asks it: {@code Redis 7.0.15}. */
  public String version() {
    String answer = text(command("ask for its version", RedisCommand.INFO, "server"));
    for (String line : String.valueOf(answer).split("\r\n", -1)) {
      if (line.startsWith("redis_version:")) {
        return "Redis " + line.substring(line.indexOf(':') + 1);
      }
    }
    return "Redis of an unknown version";
  }

  /** An answer's bytes as UTF-8; null if it is no text. */
  public static @Nullable String text(@Nullable Object answer) {
    return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : null;
  }

  private @Nullable Object once(RedisCommand command, byte[]... arguments) {
    Connection open = connection;
    if (open == null) {
      open = open();
      connection = open;
    }
    open.sendCommand(command, arguments);
    return open.getOne();
  }

  private Connection open() {
    var open = new Connection(sockets);
    boolean ready = false;
    try {
      open.connect();
      authenticate(open);
      ready = true;
      return open;
    } finally {
      if (!ready) {
        end(open);
      }
    }
  }

  private void authenticate(Connection open) {
    Secret password = address.password().get();
    if (password == null) {
      return;
    }
    String user = address.user();
    if (user == null) {
      open.sendCommand(RedisCommand.AUTH, password.reveal());
    } else {
      open.sendCommand(RedisCommand.AUTH, user, password.reveal());
    }
    open.getOne();
  }

  private void pause(String operation, Duration pause, RedisFault fault, JedisException e) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure(operation, fault, e);
    }
  }

  private RedisException failure(String operation, RedisFault fault, JedisException e) {
    return new RedisException(
        address,
        operation,
        fault.answer(),
        fault.remedy(),
        fault.next() != RedisFault.Next.NEVER,
        // What Redis said may quote arguments.
        e instanceof JedisDataException ? null : e);
  }

  /** Ends the connection, if there is one. */
  @Override
  public synchronized void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      end(open);
    }
  }

  private static void end(Connection open) {
    try {
      open.disconnect();
    } catch (JedisException e) {
      // It is gone either way.
    }
  }
}
