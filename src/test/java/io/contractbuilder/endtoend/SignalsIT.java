package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.await;
import static io.contractbuilder.endtoend.Bench.image;
import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals end commands and the platform cleanly; what a kill leaves is swept. */
class SignalsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"TERM, 143, registry", "INT, 130, gateway"})
  void aCreateThatWaitsEndsAndLeavesNoHalf(String signal, int code, String slow)
      throws IOException, InterruptedException {
    String target = TestedGateway.registryOr(part("PARTS_REGISTRY"));
    try (var registry = new CountingProxy(URI.create("http://" + target));
        var bench = new Bench(folder, Map.of("FAAS_REGISTRY", target));
        var gateway = bench.startCountedGateway()) {
      CountingProxy part = slow.equals("registry") ? registry : gateway;
      Predicate<String> waited =
          slow.equals("registry")
              ? request -> request.startsWith("PUT /v2/") && request.contains("/manifests/")
              : request -> request.equals("POST /system/functions");
      // A real OpenFaaS could not pull through the proxy, and is not asked to.
      Map<String, String> settings =
          part == registry ? Map.of("FAAS_REGISTRY", registry.authority()) : Map.of();
      part.hang(waited);
      String id = UUID.randomUUID().toString();
      try (Launched create = bench.start(settings, createCommand(id))) {
        await("the part was asked", () -> part.requests().stream().anyMatch(waited));
        part.hang(request -> false);
        endsBy(create, signal, code);
      }
      assertThat(bench.left()).containsExactly("storage/SMARTCONTRACT/" + id + "/metadata.json");
      assertThat(bench.metadata(id).path("status").path("state").asText()).isEqualTo("error");
      assertThat(bench.actions()).isEmpty();
      bench.done(createCommand(id));
      assertThat(bench.invoke("signalled", "x").path("stdin").asText()).isEqualTo("x");
      bench.done("delete", "signalled");
      assertThat(bench.left()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143, update, PUT", "INT, 130, delete, DELETE"})
  void anActionThatWaitsEndsAndIsDoneByTheNext(
      String signal, int code, String action, String method)
      throws IOException, InterruptedException {
    try (var bench = new Bench(folder, Map.of());
        var gateway = bench.startCountedGateway()) {
      String id = UUID.randomUUID().toString();
      bench.done(createCommand(id));
      String[] command =
          action.equals("update")
              ? new String[] {"update", "signalled", "--env", "RATE=2"}
              : new String[] {"delete", "signalled"};
      Predicate<String> waited = request -> request.equals(method + " /system/functions");
      gateway.hang(waited);
      try (Launched waiting = bench.start(Map.of(), command)) {
        await("the gateway was asked", () -> gateway.requests().stream().anyMatch(waited));
        gateway.hang(request -> false);
        endsBy(waiting, signal, code);
      }
      if (action.equals("update")) {
        assertThat(bench.metadata(id).at("/status/state").asText()).isEqualTo("active");
        assertThat(bench.invoke("signalled", "x").at("/env/RATE").isMissingNode()).isTrue();
      }
      assertThat(bench.actions()).containsExactly("create");
      bench.done(command);
      assertThat(bench.actions()).containsExactly("create", action);
      if (action.equals("update")) {
        assertThat(bench.invoke("signalled", "x").at("/env/RATE").asText()).isEqualTo("2");
      } else {
        assertThat(bench.left()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci:%s/target/layout:1", "docker-archive:%s/target/archive.tar"})
  void aWrapThatWaitsLeavesNoHalf(String form) throws IOException, InterruptedException {
    Path target = Files.createDirectory(folder.resolve("target"));
    try (var registry = new CountingProxy(URI.create("http://" + part("PARTS_REGISTRY")));
        var bench = new Bench(folder, Map.of())) {
      String source = registry.authority() + "/signals/" + UUID.randomUUID() + ":1";
      bench.done("wrap", image("noshell:1"), source);
      Predicate<String> waited = request -> request.matches("GET /v2/.*/blobs/.*");
      registry.hang(waited);
      String to = String.format(Locale.ROOT, form, folder);
      try (Launched wrap = bench.start(Map.of(), "wrap", source, to)) {
        await("a blob was asked for", () -> registry.requests().stream().anyMatch(waited));
        endsBy(wrap, "INT", 130);
      }
      assertThat(files(target)).isEmpty();
      registry.hang(request -> false);
      assertThat(bench.done("wrap", source, to).out()).startsWith("sha256:");
      assertThat(files(target)).isNotEmpty();
    }
  }

  @Test
  void aDemoEndsBetweenItsStepsAndLeavesNothing() throws IOException, InterruptedException {
    part("PARTS_REGISTRY"); // as every part of this class: only where a runtime is
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    // A watchdog that splits its arguments is none of the demonstration's.
    Path classic = folder.resolve("classic/amd64/fwatchdog");
    Files.createDirectories(classic.getParent());
    Files.copy(Path.of(part("PARTS_BIN")).resolve("answer-amd64"), classic);
    var settings =
        Map.of(
            "JDK_JAVA_OPTIONS",
            "-Djava.io.tmpdir=" + temporary,
            "CONTRACT_BUILDER_WATCHDOG",
            folder.resolve("classic").toString());
    try (Launched demo = Launched.start(settings, "demo")) {
      demo.awaitOnErr("2. It is updated");
      List<ProcessHandle> started = demo.process().descendants().toList();
      endsBy(demo, "INT", 130);
      await("no process is left", () -> started.stream().noneMatch(ProcessHandle::isAlive));
    }
    assertThat(files(temporary)).isEmpty();
  }

  /** Ends in good time, with the signal's code, and blames nobody. */
  private static void endsBy(Launched command, String signal, int code)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    signal(command.process(), signal);
    Ended ended = command.ended();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    assertThat(ended.code()).as(ended.all()).isEqualTo(code);
    assertThat(ended.err()).doesNotContain("defect of the program", "null", "Check that the disk");
  }

  private static List<Path> files(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void thePlatformsEndLeavesNoProcessAndNoMount() throws IOException, InterruptedException {
    try (var bench = new Bench(folder, Map.of())) {
      Launched platform = bench.startPlatform();
      bench.done(createCommand(UUID.randomUUID().toString()));
      bench.invoke("signalled", "x");
      List<ProcessHandle> started = platform.process().descendants().toList();
      assertThat(started).isNotEmpty();
      long start = System.nanoTime();
      signal(platform.process(), "TERM");
      platform.ended();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
      // The last to go is the shell that saw to the others' end.
      await("no process is left", () -> started.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(mounts(bench)).isEmpty();
    }
  }

  @Test
  void whatAKilledPlatformLeavesIsSweptAndItsFunctionsAnswerAgain()
      throws IOException, InterruptedException {
    try (var bench = new Bench(folder, Map.of())) {
      Launched killed = bench.startPlatform();
      bench.done(createCommand(UUID.randomUUID().toString()));
      bench.invoke("signalled", "x");
      List<ProcessHandle> started = killed.process().descendants().toList();
      assertThat(started).isNotEmpty();
      killed.process().destroyForcibly().waitFor();
      Launched next = bench.startPlatform();
      await(
          "the killed platform's processes are gone",
          () -> started.stream().noneMatch(ProcessHandle::isAlive));
      await("the function answers again", () -> answers(bench));
      bench.done("delete", "signalled");
      assertThat(bench.left()).isEmpty();
      next.close();
      assertThat(mounts(bench)).isEmpty();
    }
  }

  private static boolean answers(Bench bench) {
    try {
      return bench.run("invoke", "signalled", "--data", "x").code() == 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String[] createCommand(String id) {
    return new String[] {
      "create",
      "--id",
      id,
      "--type",
      "signalled",
      "--image",
      image("noshell:1"),
      "--cmd",
      "/bin/answer"
    };
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private static List<String> mounts(Bench bench) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.filter(line -> line.contains(bench.state().toString())).toList();
    }
  }
}
