package io.contractbuilder.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What the platform costs; run by hand with a state folder and a runtime's name. */
final class PlatformMeasurement {
  private static final int CALLS = 300;

  private PlatformMeasurement() {}

  public static void main(String[] args) throws Exception {
    TarImages images = new TarImages();
    String image = LocalPlatformIT.RealParts.image(images, "cat");
    long from = System.nanoTime();
    try (LocalPlatform platform =
            LocalPlatform.start(
                LocalPlatformIT.RealParts.options(Path.of(args[0]), args[1]),
                images,
                r -> null,
                System.getenv());
        PlatformClient client = PlatformClient.of(platform)) {
      say("start", from);
      for (int i = 1; i <= 5; i++) {
        from = System.nanoTime();
        String body =
            "{\"service\":\"f"
                + i
                + "\",\"image\":\""
                + image
                + "\",\"limits\":{\"memory\":\"600M\",\"cpu\":\"0.50\"}}";
        int status = client.send("POST", "/system/functions", body).statusCode();
        say("deploy f" + i + " " + status, from);
      }
      long[] times = new long[CALLS];
      for (int i = 0; i < CALLS; i++) {
        from = System.nanoTime();
        client.send("POST", "/function/f1", "hello");
        times[i] = System.nanoTime() - from;
      }
      Arrays.sort(times);
      System.out.printf(
          "invoke median %.2f ms, p99 %.2f ms%n",
          times[CALLS / 2] / 1e6, times[CALLS * 99 / 100] / 1e6);
      long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
      Thread.sleep(5000);
      long idle = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - cpu;
      System.out.println("idle CPU " + idle + " ms in 5 s; " + resident());
      if (args[1].equals("runc")) {
        limits();
      }
      from = System.nanoTime();
    }
    say("close with 5 functions", from);
  }

  private static String resident() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(l -> l.startsWith("VmRSS")).findFirst().orElse("");
    }
  }

  private static void limits() throws IOException {
    try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 4)) {
      Path found =
          groups
              .filter(
                  p -> p.toString().matches(".*contract-builder-[0-9a-f]+/memory.limit_in_bytes"))
              .findFirst()
              .orElse(null);
      System.out.println(
          "limit held: " + (found == null ? "none" : Files.readString(found).strip()));
    }
  }

  private static void say(String what, long from) {
    System.out.printf("%s: %d ms%n", what, (System.nanoTime() - from) / 1_000_000);
  }
}
