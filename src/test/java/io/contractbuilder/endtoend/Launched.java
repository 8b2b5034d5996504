package io.contractbuilder.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program as its users start it: the launcher, as a process. */
public final class Launched implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final Reader out;
  private final Reader err;

  private Launched(Process process) {
    this.process = process;
    this.out = new Reader(process.getInputStream());
    this.err = new Reader(process.getErrorStream());
  }

  static {
    // The launcher builds what was pulled, and not what was edited.
    build();
  }

  private static void build() {
    try {
      Process build =
          new ProcessBuilder(project().resolve("build").toString())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.INHERIT)
              .start();
      if (build.waitFor() != 0) {
        throw new IllegalStateException("./build ended with " + build.exitValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The folder with the launcher. */
  public static Path project() {
    return Path.of("").toAbsolutePath();
  }

  /** Starts a command with nothing in its environment but PATH, HOME and what is given. */
  static Launched start(Map<String, String> environment, String... arguments) throws IOException {
    return startAs(List.of(), environment, arguments);
  }

  /** The same by a command that starts commands, as another user for instance. */
  static Launched startAs(
      List<String> starter, Map<String, String> environment, String... arguments)
      throws IOException {
    var command =
        Stream.of(
                starter.stream(),
                Stream.of(project().resolve("contract-builder").toString()),
                Stream.of(arguments))
            .flatMap(words -> words)
            .toList();
    var builder = new ProcessBuilder(command);
    var inherited = Map.copyOf(builder.environment());
    builder.environment().clear();
    for (String name : List.of("PATH", "HOME", "JAVA_HOME", "CONTRACT_BUILDER_PARTS")) {
      if (inherited.containsKey(name)) {
        builder.environment().put(name, inherited.get(name));
      }
    }
    builder.environment().putAll(environment);
    return new Launched(builder.start());
  }

  /** Starts any command with nothing in its environment but what is given. */
  static Launched startCommand(List<String> command, Map<String, String> environment)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Launched(builder.start());
  }

  /** Runs a command to its end, without input. */
  static Ended run(Map<String, String> environment, String... arguments) throws IOException {
    try (Launched launched = start(environment, arguments)) {
      launched.process.getOutputStream().close();
      return launched.ended();
    }
  }

  /** Runs a command to its end with {@code input} as standard input. */
  static Ended run(Map<String, String> environment, byte[] input, String... arguments)
      throws IOException {
    try (Launched launched = start(environment, arguments)) {
      try (OutputStream in = launched.process.getOutputStream()) {
        in.write(input);
      }
      return launched.ended();
    }
  }

  /** Waits for the end. */
  Ended ended() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + LIMIT + ":\n" + err.text());
      }
      return new Ended(process.exitValue(), out.whole(), err.whole());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until standard error holds {@code text}. */
  void awaitOnErr(String text) {
    long end = System.nanoTime() + LIMIT.toNanos();
    synchronized (err.bytes) {
      while (!err.text().contains(text)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || !process.isAlive()) {
          throw new AssertionError("never said \"" + text + "\":\n" + err.text());
        }
        try {
          err.bytes.wait(Math.min(left, 200));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(e);
        }
      }
    }
  }

  Process process() {
    return process;
  }

  /** As Ctrl-C or a pod's end: SIGTERM, then SIGKILL if it stays. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** How a command ended. */
  record Ended(int code, String out, String err) {
    /** All that it wrote. */
    String all() {
      return out + err;
    }
  }

  private static final class Reader {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Reader(InputStream in) {
      thread = Thread.ofPlatform().daemon().start(() -> copy(in));
    }

    private void copy(InputStream in) {
      var buffer = new byte[8192];
      try (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (bytes) {
            bytes.write(buffer, 0, n);
            bytes.notifyAll();
          }
        }
      } catch (IOException e) {
        // The process is gone; what was read is what there is.
      }
    }

    String text() {
      synchronized (bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
      }
    }

    String whole() throws InterruptedException {
      thread.join(Duration.ofSeconds(10));
      return text();
    }
  }
}
