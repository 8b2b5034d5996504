package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root's test of the program as somebody else: no privilege is needed. */
class OrdinaryUserIT {
  private static final List<String> SOMEBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");

  @TempDir private Path folder;

  @NeedsRoot
  @Test
  void platformCreateInvokeAndDeleteWorkWithoutAnyPrivilege()
      throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder.resolve("home"));
    own(folder);
    String bwrap = part("PARTS_BIN") + "/bwrap";
    assumeThat(worksFor(bwrap, "--ro-bind", "/", "/", "--unshare-all", "true"))
        .as("this machine lets an ordinary user make no namespaces")
        .isTrue();
    assumeThat(worksFor("test", "-x", Launched.project().resolve("contract-builder").toString()))
        .as("an ordinary user cannot reach " + Launched.project())
        .isTrue();
    Path image = copied(Path.of(part("PARTS_IMAGES")).resolve("noshell"), folder.resolve("image"));
    var settings =
        Map.of(
            "CONTRACT_BUILDER_STATE", folder.resolve("state").toString(),
            "HOME", home.toString(),
            "JAVA_HOME", System.getProperty("java.home"));
    try (Launched platform = Launched.startAs(SOMEBODY, settings, "platform")) {
      platform.awaitOnErr("The platform answers");
      platform.awaitOnErr("bwrap");
      Ended created =
          run(
              settings,
              "create",
              "--type",
              "humble",
              "--image",
              "oci:" + image + ":1",
              "--cmd",
              "/bin/answer");
      assertThat(created.code()).as(created.all()).isZero();
      Ended answered = run(settings, "invoke", "humble", "--data", "x");
      assertThat(answered.code()).as(answered.all()).isZero();
      var answer = Json.read(answered.out().getBytes(StandardCharsets.UTF_8));
      assertThat(answer.path("stdin").asText()).isEqualTo("x");
      assertThat(answer.path("uid").asInt()).isEqualTo(1000);
      Ended deleted = run(settings, "delete", "humble");
      assertThat(deleted.code()).as(deleted.all()).isZero();
    }
    // TempDir removes what is left as root, which may.
    assertThat(folder.resolve("state/storage/SMARTCONTRACT"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
  }

  private static Ended run(Map<String, String> settings, String... arguments) throws IOException {
    try (Launched launched = Launched.startAs(SOMEBODY, settings, arguments)) {
      return launched.ended();
    }
  }

  private static boolean worksFor(String... command) throws IOException, InterruptedException {
    var all = new java.util.ArrayList<>(SOMEBODY);
    all.addAll(List.of(command));
    try {
      Process process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no setpriv
    }
  }

  private static void own(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setAttribute(path, "unix:uid", 65534);
    Path home = path.resolve("home");
    if (Files.exists(home)) {
      Files.setAttribute(home, "unix:uid", 65534);
    }
  }

  /** The parts' cache may be in a folder that is root's alone. */
  private static Path copied(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Path made = Files.createDirectories(to.resolve(from.relativize(dir)));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }
}
