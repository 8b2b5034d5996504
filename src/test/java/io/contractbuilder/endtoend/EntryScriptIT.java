package io.contractbuilder.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry script as a container starts it: a symbolic link, spaces, dash and busybox. */
class EntryScriptIT {
  @TempDir private Path folder;

  private record Ended(int code, String err) {}

  @Test
  void everyShellStartsItByALinkFromAnyFolder() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("a link"), Launched.project().toAbsolutePath());
    for (List<String> shell : shells()) {
      Ended ended = start(shell, link.resolve("entrypoints/contract_job.sh"), Map.of());

      assertThat(ended.code()).as("%s: %s", shell, ended.err()).isEqualTo(2);
      assertThat(ended.err()).startsWith("{").contains("neither EVENT nor EVENT_FILE");
    }
  }

  @Test
  void bothWaysToGiveAnEventAreOneTooMany() throws Exception {
    Ended ended = start(List.of("sh"), script(), Map.of("EVENT", "{}", "EVENT_FILE", "/e"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("both EVENT and EVENT_FILE");
  }

  @Test
  void anEventThatIsNoneWritesNothing() throws Exception {
    Path state = folder.resolve("state");
    Path event = Files.writeString(folder.resolve("event"), "{\"version\":\"1\"}");

    Ended ended =
        start(
            List.of("sh"),
            script(),
            Map.of("EVENT_FILE", event.toString(), "CONTRACT_BUILDER_STATE", state.toString()));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("$.task_type");
    assertThat(state).doesNotExist();
  }

  @Test
  void anEventsFileThatCannotBeReadIsWrongInput() throws Exception {
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    var files =
        Map.of(
            folder.resolve("none").toString(), "cannot be read (NoSuchFileException)",
            folder.toString(), "cannot be read (IOException)",
            large.toString(), "more than 1 MiB");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Ended ended = start(List.of("sh"), script(), Map.of("EVENT_FILE", file.getKey()));

      assertThat(ended.code()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err()).contains(file.getValue());
    }
  }

  @NeedsRoot
  @Test
  void anEventsFileOfAnotherUserIsWrongInput() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.writeString(folder.resolve("private"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    var shell = List.of("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--", "sh");

    Ended ended = start(shell, script(), Map.of("EVENT_FILE", file.toString()));

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains("cannot be read (AccessDeniedException)");
  }

  @Test
  void whereNothingIsBuiltItSaysWhatToRun() throws Exception {
    Path copy = folder.resolve("my copy");
    for (String name :
        List.of("entrypoints/contract_job.sh", "lib/entry.sh", "lib/jdk.sh", "lib/java.sh")) {
      Files.createDirectories(copy.resolve(name).getParent());
      Files.copy(Launched.project().resolve(name), copy.resolve(name));
    }

    Ended ended = start(List.of("sh"), copy.resolve("entrypoints/contract_job.sh"), Map.of());

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("not built").contains("my copy/build");
  }

  private static Path script() {
    return Launched.project().resolve("entrypoints/contract_job.sh");
  }

  private static List<List<String>> shells() {
    var found =
        Stream.of(List.of("dash"), List.of("busybox", "sh"))
            .filter(shell -> onPath(shell.getFirst()))
            .toList();
    assumeThat(found).as("dash or busybox is on the PATH").isNotEmpty();
    return found;
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH"))
        .flatMap(path -> Stream.of(path.split(":", -1)))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private Ended start(List<String> shell, Path script, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(shell);
    command.add(script.toString());
    Path err = folder.resolve("err");
    var builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    // Another user may not reach the one that is found.
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process =
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err.toFile()).start();
    int code = process.waitFor();
    return new Ended(code, Files.readString(err, UTF_8));
  }
}
