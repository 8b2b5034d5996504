package io.contractbuilder.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contractbuilder.json.Json;
import io.contractbuilder.local.sandbox.Programs;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions in real containers. */
class LocalPlatformIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aFunctionAnswersUntilItIsDeleted(String runtime) throws Exception {
    TarImages images = new TarImages();
    String image = RealParts.image(images, "cat");
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      ok(client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}"));
      ok(
          client.send(
              "POST",
              "/system/functions",
              """
              {"service":"f1","image":"%s","secrets":["k1"],"envVars":{"A":"b=c"},
               "limits":{"memory":"64Mi","cpu":"500m"}}
              """
                  .formatted(image)));
      HttpResponse<String> answer = client.send("POST", "/function/f1/p?q=1", "hello");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().map())
          .containsKeys("x-call-id", "x-duration-seconds", "x-start-time", "x-served-by");
      assertThat(client.send("GET", "/system/function/f1", null).body())
          .contains("\"availableReplicas\":1", "\"A\":\"b=c\"");
      assertThat(client.send("GET", "/system/logs?name=f1&tail=2", null).body())
          .contains("\"namespace\":\"openfaas-fn\"");
      String big = "x".repeat(3 << 20);
      assertThat(client.send("POST", "/function/f1.openfaas-fn", big).body()).isEqualTo(big);
      ok(client.send("DELETE", "/system/functions", "{\"functionName\":\"f1\"}"));
      assertThat(client.send("GET", "/system/function/f1", null).statusCode()).isEqualTo(404);
      assertThat(files(state().resolve("platform/rootfs"))).isEmpty();
      assertThat(files(state().resolve("platform/logs"))).isEmpty();
    }
    assertThat(state().resolve("platform/gateway.json")).doesNotExist();
    assertNothingRuns();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void theContainerHoldsUidCapabilitiesAndSecrets(String runtime) throws Exception {
    TarImages images = new TarImages();
    String image = RealParts.image(images, "/bin/busybox cat /proc/self/status");
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      ok(client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}"));
      deploy(client, "POST", image, "/bin/busybox cat /proc/self/status");
      String status = client.send("POST", "/function/f1", "").body();
      assertThat(status)
          .containsPattern("Uid:\\s1000\\s1000\\s1000\\s1000")
          .containsPattern("Gid:\\s1000\\s1000\\s1000\\s1000")
          .containsPattern("CapEff:\\s0000000000000000")
          .containsPattern("CapBnd:\\s0000000000000000")
          .containsPattern("NoNewPrivs:\\s1");
      deploy(client, "PUT", image, "/bin/busybox cat /var/openfaas/secrets/k1");
      assertThat(client.send("POST", "/function/f1", "").body()).isEqualTo("v1");
      ok(client.send("PUT", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v2\"}"));
      assertThat(client.send("POST", "/function/f1", "").body()).isEqualTo("v2");
      deploy(client, "PUT", image, "/bin/busybox rm /var/openfaas/secrets/k1");
      assertThat(client.send("POST", "/function/f1", "").statusCode()).isEqualTo(500);
      deploy(client, "PUT", image, "/bin/busybox touch /tmp/x");
      assertThat(client.send("POST", "/function/f1", "").statusCode()).isEqualTo(200);
      deploy(client, "PUT", image, "/bin/busybox ip link");
      assertThat(client.send("POST", "/function/f1", "").body())
          .contains("lo:")
          .doesNotContain("eth0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aBrokenUpdateKeepsTheOldVersionServing(String runtime) throws Exception {
    TarImages images = new TarImages();
    String image = RealParts.image(images, "cat");
    String broken =
        images.add(
            Map.of("bin/busybox", RealParts.busybox()),
            List.of("/bin/busybox", "sh", "-c", "echo no way; exit 3"),
            List.of());
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      ok(client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}"));
      deploy(client, "POST", image, "cat");
      HttpResponse<String> refused =
          client.send(
              "PUT", "/system/functions", "{\"service\":\"f1\",\"image\":\"" + broken + "\"}");
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.body()).contains("exit code 3", "no way");
      assertThat(client.send("POST", "/function/f1", "still").body()).isEqualTo("still");
      assertThat(client.send("GET", "/system/function/f1", null).body()).contains(image);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aFunctionThatDiesIsStartedAgain(String runtime) throws Exception {
    TarImages images = new TarImages();
    String image = RealParts.image(images, "cat");
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      ok(client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}"));
      deploy(client, "POST", image, "cat");
      watchdogs().forEach(ProcessHandle::destroyForcibly);
      await(() -> client.send("GET", "/system/logs?name=f1", null).body().contains("again"));
      await(() -> client.send("POST", "/function/f1", "back").body().equals("back"));
    }
    assertNothingRuns();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void anotherWatchdogIsReachedByTheForwarder(String runtime) throws Exception {
    TarImages images = new TarImages();
    String image =
        images.add(
            Map.of("bin/busybox", RealParts.busybox(), "usr/bin/fwatchdog", RealParts.watchdog()),
            List.of("/bin/busybox", "sh", "-c", "unset listen_socket; exec /usr/bin/fwatchdog"),
            List.of("fprocess=/bin/busybox cat"));
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      ok(
          client.send(
              "POST", "/system/functions", "{\"service\":\"f1\",\"image\":\"" + image + "\"}"));
      assertThat(client.send("POST", "/function/f1", "through").body()).isEqualTo("through");
    }
    assertNothingRuns();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aScheduleCallsItsContract(String runtime) throws Exception {
    String id = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";
    TarImages images = new TarImages();
    String image = RealParts.image(images, "cat");
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      String name = "contract-" + id;
      ok(
          client.send(
              "POST",
              "/system/functions",
              "{\"service\":\"%s\",\"image\":\"%s\"}".formatted(name, image)));
      Files.createDirectories(state().resolve("schedules"));
      Files.writeString(
          state().resolve("schedules").resolve(id + ".json"),
          """
          {"contract_id":"%s","txn_type":"t","execution_order":"serial","cron":null,"seconds":1}
          """
              .formatted(id));
      await(
          () ->
              client
                  .send("GET", "/system/logs?name=" + name, null)
                  .body()
                  .contains("schedule: status 200"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void afterAKillNothingIsLeftAndFunctionsServeAgain(String runtime) throws Exception {
    RealParts.assumeThere(runtime);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PlatformChild.class.getName(),
                state().toString(),
                runtime)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path run;
    try (var lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("serving");
      run = Path.of(Files.readString(state().resolve("platform/run")));
      assertThat(watchdogs()).isNotEmpty();
    } finally {
      child.destroyForcibly().waitFor();
    }
    await(() -> watchdogs().isEmpty());
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(run.toString());
    TarImages images = new TarImages();
    RealParts.image(images, "cat");
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      assertThat(run).doesNotExist();
      await(() -> client.send("POST", "/function/f1", "again").body().equals("again"));
    }
    assertNothingRuns();
  }

  private LocalPlatform start(String runtime, TarImages images) throws IOException {
    RealParts.assumeThere(runtime);
    return LocalPlatform.start(
        RealParts.options(state(), runtime), images, r -> null, System.getenv());
  }

  private Path state() {
    return temp.resolve("state");
  }

  private static void deploy(PlatformClient client, String method, String image, String process) {
    ok(
        client.send(
            method,
            "/system/functions",
            Json.text(
                Json.object()
                    .put("service", "f1")
                    .put("image", image)
                    .put("envProcess", process)
                    .set("secrets", Json.array().add("k1")))));
  }

  private static void ok(HttpResponse<String> answer) {
    assertThat(answer.body()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).toList();
    }
  }

  /** Those of this test: other platforms may run on the machine. */
  private List<ProcessHandle> watchdogs() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().command().orElse("").endsWith("/usr/bin/fwatchdog"))
        .filter(this::isOurs)
        .toList();
  }

  private boolean isOurs(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid(), "mountinfo"))
          .contains("/" + temp.getFileName() + "/");
    } catch (IOException e) {
      return false; // It has ended.
    }
  }

  private void assertNothingRuns() throws IOException {
    assertThat(watchdogs()).isEmpty();
    assertThat(state().resolve("platform/run")).doesNotExist();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(end);
      Thread.sleep(20);
    }
  }

  /** The programs that containers need. */
  static final class RealParts {
    private static final Programs PROGRAMS = new Programs(System.getenv());

    private RealParts() {}

    static void assumeThere(String runtime) throws IOException {
      assumeTrue(PROGRAMS.find(runtime) != null, runtime + " is missing (parts/run brings it)");
      assumeTrue(PROGRAMS.find("busybox") != null, "busybox is missing (parts/run brings it)");
      assumeTrue(Files.exists(watchdogFile()), "the watchdog is missing (watchdog/build.sh)");
      boolean root =
          Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
      assumeTrue(root || !runtime.equals("runc"), "runc needs root");
    }

    static PlatformOptions options(Path state, String runtime) {
      Path runFolders = Objects.requireNonNull(state.getParent());
      return new PlatformOptions(
          state,
          0,
          false,
          watchdogFile(),
          runtime,
          runFolders,
          Duration.ofSeconds(20),
          Duration.ofSeconds(5));
    }

    static Path watchdogFile() {
      String given = System.getenv("CB_WATCHDOG");
      String arch = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
      return given == null
          ? Path.of("dist/watchdog/builtin", arch, "fwatchdog").toAbsolutePath()
          : Path.of(given);
    }

    static byte[] watchdog() throws IOException {
      return Files.readAllBytes(watchdogFile());
    }

    static byte[] busybox() throws IOException {
      Path file = PROGRAMS.find("busybox");
      return Files.readAllBytes(file == null ? Path.of("/bin/busybox") : file);
    }

    static String image(TarImages images, String process) throws IOException {
      assumeThere("busybox");
      Map<String, byte[]> files = new HashMap<>();
      files.put("bin/busybox", busybox());
      files.put("bin/cat", busybox());
      files.put("usr/bin/fwatchdog", watchdog());
      return images.add(
          new java.util.TreeMap<>(files),
          List.of("/usr/bin/fwatchdog"),
          List.of("PATH=/bin", "fprocess=" + process));
    }
  }

  /** A platform in a process of its own. */
  static final class PlatformChild {
    private PlatformChild() {}

    public static void main(String[] args) throws Exception {
      TarImages images = new TarImages();
      String image = RealParts.image(images, "cat");
      LocalPlatform platform =
          LocalPlatform.start(
              RealParts.options(Path.of(args[0]), args[1]), images, r -> null, System.getenv());
      try (PlatformClient client = PlatformClient.of(platform)) {
        client.send(
            "POST", "/system/functions", "{\"service\":\"f1\",\"image\":\"" + image + "\"}");
        String answer = client.send("POST", "/function/f1", "serving").body();
        System.out.println(answer);
      }
      Thread.currentThread().join();
    }
  }
}
