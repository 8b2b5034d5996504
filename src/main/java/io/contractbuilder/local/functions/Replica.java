package io.contractbuilder.local.functions;

import io.contractbuilder.local.rootfs.Trees;
import io.contractbuilder.local.sandbox.ContainerRuntime;
import io.contractbuilder.local.sandbox.ContainerSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running container of a function, started again when it dies. */
final class Replica {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final Duration STABLE = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE = 200;
  private static final long LONGEST_PAUSE = 30_000;
  private final ContainerSpec spec;
  private final ContainerRuntime runtime;
  private final FunctionLog log;
  private final Door door;
  private final Duration readyLimit;
  private final Duration grace;
  private final boolean mustBeginWell;
  private final CompletableFuture<String> begun = new CompletableFuture<>();
  private final Thread thread;
  private final Object change = new Object();
  private volatile boolean stopping;
  private volatile @Nullable Process process;
  private volatile @Nullable SocketAddress address;

  /**
   * @param mustBeginWell whether a first failure is the end, and not tried again
   * @param grace what a function has between SIGTERM and SIGKILL
   */
  Replica(
      ContainerSpec spec,
      ContainerRuntime runtime,
      FunctionLog log,
      Door door,
      Duration readyLimit,
      Duration grace,
      boolean mustBeginWell) {
    this.spec = spec;
    this.runtime = runtime;
    this.log = log;
    this.door = door;
    this.readyLimit = readyLimit;
    this.grace = grace;
    this.mustBeginWell = mustBeginWell;
    this.thread = new Thread(this::run, "replica " + spec.hostname());
  }

  void start() {
    thread.start();
  }

  ContainerSpec spec() {
    return spec;
  }

  /** Where it takes calls; null while it does not. */
  @Nullable SocketAddress address() {
    return address;
  }

  /** Waits until it serves; the answer is empty, or says why it does not. */
  String awaitBegun() throws InterruptedException {
    try {
      return begun.get();
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  /** Waits until it serves, at most so long. */
  @Nullable SocketAddress awaitAddress(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (change) {
      while (address == null && !stopping) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          break;
        }
        change.wait(left);
      }
      return address;
    }
  }

  private void serve(@Nullable SocketAddress at) {
    synchronized (change) {
      address = at;
      change.notifyAll();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE;
    try {
      while (!stopping) {
        long from = System.nanoTime();
        String ending = once();
        if (stopping || (mustBeginWell && !begun.isDone())) {
          begun.complete(ending);
          return;
        }
        log.add(spec.instance(), "platform: " + ending + "; starting it again");
        boolean lasted = System.nanoTime() - from > STABLE.toNanos();
        pause = lasted ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * 2);
        pause(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.error("function {} cannot be looked after", spec.hostname(), e);
      begun.complete(String.valueOf(e.getMessage()));
    } finally {
      serve(null);
      begun.complete("stopped");
    }
  }

  private void pause(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (change) {
      while (!stopping) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return;
        }
        change.wait(left);
      }
    }
  }

  /** Runs the container to its end; says how it ended. */
  private String once() throws IOException, InterruptedException {
    door.clear(spec);
    Process p;
    try {
      p = runtime.start(spec);
    } catch (IOException e) {
      return "cannot be started: " + e.getMessage();
    }
    process = p;
    ProcessRecord.write(spec.folder(), p.toHandle());
    Thread out = pump(p.getInputStream(), "stdout");
    Thread err = pump(p.getErrorStream(), "stderr");
    String unhealthy = "";
    try {
      SocketAddress at = door.await(spec, p, readyLimit, () -> stopping);
      if (at != null) {
        serve(at);
        begun.complete("");
        p.waitFor();
      } else if (p.isAlive() && !stopping) {
        unhealthy = "does not answer /_/health within " + readyLimit.toSeconds() + " s";
      }
    } finally {
      serve(null);
      end(p, unhealthy.isEmpty() ? grace : Duration.ZERO);
      door.close();
      out.join(1000);
      err.join(1000);
    }
    return unhealthy.isEmpty() ? "ended with exit code " + p.exitValue() : unhealthy;
  }

  private Thread pump(InputStream from, String name) {
    Thread pump =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                LineReader reader = new LineReader(lines);
                for (String line = reader.next(); line != null; line = reader.next()) {
                  log.add(spec.instance(), line);
                }
              } catch (IOException e) {
                LOG.debug("{} of {} ended", name, spec.hostname(), e);
              }
            },
            name + " " + spec.hostname());
    pump.setDaemon(true);
    pump.start();
    return pump;
  }

  /** SIGTERM to the container's first process, then the end of everything in it. */
  private void end(Process p, Duration patience) throws InterruptedException {
    if (p.isAlive() && !patience.isZero()) {
      long first = runtime.firstProcess(spec.folder());
      if (first > 1) {
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroy);
        p.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    if (p.isAlive()) {
      cutLifeline(p);
      if (!p.waitFor(5, TimeUnit.SECONDS)) {
        p.descendants().forEach(ProcessHandle::destroyForcibly);
        p.destroyForcibly().waitFor();
      }
    }
    cutLifeline(p);
  }

  private void cutLifeline(Process p) {
    try {
      p.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("the lifeline of {} was cut already", spec.hostname(), e);
    }
  }

  /** Ends the container; returns when nothing of it is left. */
  void stop() {
    synchronized (change) {
      stopping = true;
      change.notifyAll();
    }
    serve(null);
    try {
      Process p = process;
      if (p != null) {
        end(p, grace);
      }
      thread.join();
      Trees.delete(spec.folder());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the files of {} could not be removed", spec.hostname(), e);
    }
  }
}
