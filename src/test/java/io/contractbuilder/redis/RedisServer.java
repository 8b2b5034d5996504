package io.contractbuilder.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A redis-server of the test's own, which it may stop, start and torment. */
public final class RedisServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private final Path folder;
  private final List<String> options;
  private final int port;
  private @Nullable Process process;

  private RedisServer(Path folder, int port, List<String> options) {
    this.folder = folder;
    this.port = port;
    this.options = options;
  }

  /**
   * Starts one that answers.
   *
   * @param options as on its command line, split at spaces: {@code --maxmemory 2mb}
   */
  public static RedisServer start(Path folder, String... options) {
    Assumptions.assumeTrue(
        program() != null, "redis-server is not in PATH: run this beside parts/run");
    var server = new RedisServer(folder, freePort(), List.of(options));
    server.start();
    return server;
  }

  /** One that nobody listens on, and that no connection is given while nobody does. */
  public static int freePort() {
    while (true) {
      int port = 10_000 + ThreadLocalRandom.current().nextInt(20_000);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        // The next one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static @Nullable Path program() {
    return Arrays.stream(String.valueOf(System.getenv("PATH")).split(":", -1))
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Starts it again, with what it saved, and waits until it answers. */
  public void start() {
    launch();
    awaitAnswer();
  }

  /** Starts it again and does not wait. */
  public void launch(String... more) {
    var command = new ArrayList<String>();
    command.addAll(List.of(String.valueOf(program()), "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", HOST, "--dir", folder.toString()));
    command.addAll(List.of("--appendonly", "yes", "--save", ""));
    for (String option : Stream.concat(options.stream(), Stream.of(more)).toList()) {
      command.addAll(List.of(option.split(" ", -1)));
    }
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try (var connection = new Connection(new HostAndPort(HOST, port))) {
        connection.sendCommand(RedisCommand.PING);
        connection.getOne();
        return;
      } catch (JedisException e) {
        if (String.valueOf(e.getMessage()).startsWith("NOAUTH")) {
          return;
        }
        if (System.nanoTime() > end || !isRunning()) {
          throw new IllegalStateException("redis-server did not start; see " + folder, e);
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  private boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Ends it at once, as a crash does. */
  public void stop() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  /** Lets it hang, as a machine that swaps does, or go on. */
  public void signal(String name) throws IOException, InterruptedException {
    Process running = process;
    if (running != null) {
      new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start().waitFor();
    }
  }

  public int port() {
    return port;
  }

  public RedisAddress address() {
    return RedisAddress.open(HOST, port);
  }

  /** A client for the test itself. */
  public Jedis client() {
    return new Jedis(HOST, port);
  }

  /** A list's items, the first pushed by LPUSH first. */
  public List<String> pushed(String list) {
    try (var client = client()) {
      return client.lrange(list, 0, -1).reversed();
    }
  }

  /** Empties it. */
  public void clear() {
    try (var client = client()) {
      client.flushAll();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
