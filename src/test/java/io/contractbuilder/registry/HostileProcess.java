package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.Launched;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program itself, as it is started, wrapping an image from one registry into another. */
final class HostileProcess {
  /** 128 MB: the kernel counts KiB. */
  static final long MOST_KIBIBYTES = 128_000_000 / 1024;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private HostileProcess() {}

  /**
   * @param peak the most memory that it ever had, in KiB
   * @param took from the first request to the end
   */
  record Ended(int code, String said, long peak, Duration took) {
    Ended hasTakenLittle() {
      assertThat(peak).as("peak of memory in KiB").isBetween(10_000L, MOST_KIBIBYTES);
      return this;
    }

    Ended tellsNoSecret() {
      assertThat(said)
          .doesNotContain(HostileCopy.PASSWORD)
          .doesNotContain(HostileCopy.BASIC.substring("Basic ".length()));
      return this;
    }
  }

  /**
   * Wraps with credentials for both.
   *
   * @param folder of its own, empty
   * @param asked whether a registry was asked anything yet
   * @param started run once it was, or the program ended
   */
  static Ended wrap(Path folder, String from, String to, BooleanSupplier asked, Runnable started)
      throws IOException, InterruptedException {
    var docker = Json.object();
    var auths = docker.putObject("auths");
    for (String host : Set.of(from, to)) {
      auths.putObject(host).put("auth", HostileCopy.BASIC.substring("Basic ".length()));
    }
    Files.write(folder.resolve("config.json"), Json.write(docker));
    Path said = folder.resolve("said");
    Process process = start(folder, said, from, to);
    long begin = System.nanoTime();
    long first = 0;
    long peak = 0;
    try {
      while (!process.waitFor(3, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peak(process.pid()));
        if (first == 0 && asked.getAsBoolean()) {
          first = System.nanoTime();
          started.run();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
      }
    } finally {
      process.destroyForcibly();
      if (first == 0) {
        started.run();
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - (first == 0 ? begin : first));
    return new Ended(process.exitValue(), Files.readString(said), peak, took);
  }

  private static Process start(Path folder, Path said, String from, String to) throws IOException {
    var builder =
        new ProcessBuilder(
                Launched.project().resolve("contract-builder").toString(),
                "wrap",
                from + "/app:1",
                to + "/contracts:1")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    var inherited = new HashMap<>(builder.environment());
    inherited.keySet().retainAll(Set.of("PATH", "HOME", "JAVA_HOME"));
    builder.environment().clear();
    builder.environment().putAll(inherited);
    builder.environment().putAll(Map.of("CONTRACT_BUILDER_STATE", folder.toString()));
    builder.environment().put("DOCKER_CONFIG", folder.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** 0 if it is gone. */
  private static long peak(long pid) throws IOException {
    String status;
    try {
      status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
    } catch (IOException e) {
      return 0;
    }
    Matcher found = PEAK.matcher(status);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
