package io.contractbuilder.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in a fresh copy of the project, whose folder's name has a space. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LauncherIT {
  private static final String VERSION = "contract-builder \\d+\\.\\d+\\.\\d+\\S*\\s*";

  /** Where {@code lib/jdk.sh} looks, beside JAVA_HOME, PATH and HOME. */
  private static final List<String> JDKS = List.of("/usr/lib/jvm", "/opt");

  /** In the JVM's log of classes. */
  private static final String TLS_BEGINS = "Initializing 'javax/net/ssl/SSLContext'";

  @TempDir private static Path folder;
  private static Path copy;
  private static Ended first;

  @BeforeAll
  static void copyAndLaunch() throws Exception {
    copy = folder.resolve("my projects").resolve("contract-builder");
    // What git knows or would take: nothing that a build has left.
    Ended listed =
        in(project(), environment(), "git", "ls-files", "-z", "-co", "--exclude-standard");
    assumeThat(listed.code()).as("the project is a git clone").isZero();
    for (String name : listed.out().split("\0", -1)) {
      Path from = project().resolve(name);
      if (Files.isRegularFile(from)) {
        Path to = copy.resolve(name);
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    first = launch(environment(), "--version");
  }

  @Test
  @Order(1)
  void theFirstCommandBuildsWhatIsNotBuiltAndRuns() {
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).matches(VERSION);
    assertThat(first.err()).contains("build: the program").doesNotContain("no AOT cache");
    assertThat(copy.resolve("dist/lib/disk.aot")).isNotEmptyFile();
  }

  @Test
  @Order(2)
  void theNextCommandBuildsNothing() throws Exception {
    Map<String, FileTime> before = built();
    Ended next = launch(environment(), "--version");
    assertThat(next.code()).isZero();
    assertThat(next.out()).matches(VERSION);
    assertThat(next.err()).isEmpty();
    assertThat(built()).isEqualTo(before).isNotEmpty();
  }

  @Test
  @Order(3)
  void aSecondBuildDoesNothingInUnderASecond() throws Exception {
    Map<String, FileTime> before = built();
    Duration took = Duration.ofDays(1);
    // The best of three: others may be using the machine.
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      Ended again = in(folder, environment(), copy.resolve("build").toString());
      Duration one = Duration.ofNanos(System.nanoTime() - start);
      took = one.compareTo(took) < 0 ? one : took;
      assertThat(again.code()).isZero();
      assertThat(again.all()).isEmpty();
    }
    assertThat(took).isLessThan(Duration.ofSeconds(1));
    assertThat(built()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void afterAPullTheNextCommandBuildsWhatHasChanged() throws Exception {
    Path stamp = copy.resolve("dist/.program");
    FileTime before = Files.getLastModifiedTime(stamp);
    // Git writes a line for each pull, checkout and commit.
    Path log = copy.resolve(".git/logs/HEAD");
    Files.createDirectories(log.getParent());
    Files.writeString(log, "");

    assertThat(launch(environment(), "--version").code()).isZero();
    FileTime looked = Files.getLastModifiedTime(stamp);
    assertThat(looked).isGreaterThan(before);
    assertThat(launch(environment(), "--version").code()).isZero();
    assertThat(Files.getLastModifiedTime(stamp)).isEqualTo(looked);
  }

  @Test
  void theJvmTakesTheAotCache() throws Exception {
    // With "on" a cache that does not fit ends the JVM, where it would else be passed over.
    var environment = environment();
    environment.put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
    Ended run = launch(environment, "--version");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).matches(VERSION);
  }

  @Test
  void aWrapTakesItsOwnCacheAndOverPlainHttpNeitherTlsNorTheCommandLinesLibrary() throws Exception {
    Path caches = folder.resolve("caches");
    Path classes = folder.resolve("classes");
    var environment = environment();
    environment.put(
        "JDK_JAVA_OPTIONS",
        "-XX:AOTMode=on -Xlog:aot:file=%s -Xlog:class+load,class+init:file=%s"
            .formatted(caches, classes));
    String target = Bench.part("PARTS_REGISTRY") + "/launched/plain:1";

    Ended run = launch(environment, "wrap", Bench.image("noshell:1"), target);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readString(caches, UTF_8))
        .contains("Opened AOT cache " + copy.resolve("dist/lib/wrap.aot"));
    assertThat(Files.readString(classes, UTF_8))
        .contains("Initializing 'io/contractbuilder/registry/Requests'")
        .doesNotContain("picocli", TLS_BEGINS, "Initializing 'org/conscrypt");
  }

  @Test
  void aLinkToTheLauncherServesFromAnywhere() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("linked"), copy.resolve("contract-builder"));
    Ended run = in(folder, environment(), link.toString(), "--version");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).matches(VERSION);
  }

  @Test
  void aJavaHomeThatIsWrongOrUnsetIsPassedOver() throws Exception {
    var unset = environment();
    unset.remove("JAVA_HOME");
    var missing = environment();
    missing.put("JAVA_HOME", folder.resolve("nothing").toString());
    var old = environment();
    old.put("JAVA_HOME", oldJdk().toString());
    for (Map<String, String> environment : List.of(unset, missing, old)) {
      Ended run = launch(environment, "--version");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).matches(VERSION);
    }
  }

  @Test
  void withoutAJdkEachScriptSaysWhatToInstall() throws Exception {
    String hide = "for d in \"$@\"; do [ \"$d\" != -- ] || break; [ ! -d \"$d\" ] || ";
    var environment = environment();
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("JAVA_HOME", "");
    environment.put("HOME", folder.toString());
    var command =
        new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "/bin/sh", "-c"));
    command.add(
        hide
            + "mount -t tmpfs none \"$d\" || exit 99; done;"
            + " while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"");
    command.add("hidden");
    command.addAll(JDKS);
    command.add(Path.of(System.getProperty("java.home")).toRealPath().toString());
    command.add("--");
    Ended possible = in(folder, environment, with(command, "true"));
    assumeThat(possible.code()).as("folders can be hidden here: " + possible.err()).isZero();
    for (String script : List.of("contract-builder", "build", "mvn", "verify")) {
      Ended run = in(folder, environment, with(command, copy.resolve(script).toString()));
      assertThat(run.code()).as(script).isEqualTo(1);
      assertThat(run.out()).as(script).isEmpty();
      assertThat(run.err()).as(script).contains("No JDK 25", "JAVA_HOME").hasLineCount(1);
    }
  }

  @Test
  void wrongInputEndsWithTwo() throws Exception {
    assertThat(launch(environment(), "create").code()).isEqualTo(2);
    assertThat(launch(environment(), "unheard-of").code()).isEqualTo(2);
    assertThat(launch(environment(), "list", "--unheard-of").code()).isEqualTo(2);
    var misspelt = environment();
    misspelt.put("CONTRACT_BUILDER_WATCHDGO", "builtin");
    Ended run = launch(misspelt, "list");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("CONTRACT_BUILDER_WATCHDOG");
    assertThat(copy.getParent()).isDirectoryNotContaining("glob:**/state");
  }

  @Test
  void theContainersCommandIsTheJob() throws Exception {
    String job = copy.resolve("entrypoints/contract_job.sh").toString();
    Ended run = in(folder, environment(), "sh", job);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("EVENT");
  }

  /** The last: it takes the library away. */
  @Test
  @Order(Integer.MAX_VALUE)
  void tlsIsBoringSslsWhereItsLibraryIsAndElseJavas() throws Exception {
    assertThat(wrappedOverTls(1)).contains("libconscrypt_openjdk_jni", TLS_BEGINS);

    try (Stream<Path> libraries = Files.list(copy.resolve("dist/lib/native"))) {
      for (Path library : libraries.toList()) {
        Files.delete(library);
      }
    }
    assertThat(wrappedOverTls(2)).contains(TLS_BEGINS).doesNotContain("libconscrypt_openjdk_jni");
  }

  /** Answers with the libraries that the JVM loaded and the classes that it initialised. */
  private static String wrappedOverTls(int number) throws Exception {
    String registry = Bench.part("PARTS_REGISTRY_MTLS");
    Path certificates = Files.createDirectories(folder.resolve("certs.d").resolve(registry));
    String client = Bench.part("PARTS_CLIENT");
    var files =
        Map.of(
            "ca.crt",
            Bench.part("PARTS_CA"),
            "client.cert",
            client + ".pem",
            "client.key",
            client + ".key");
    for (var file : files.entrySet()) {
      Files.copy(
          Path.of(file.getValue()),
          certificates.resolve(file.getKey()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = folder.resolve("libraries" + number);
    var environment = environment();
    environment.put("CONTRACT_BUILDER_CERTS", folder.resolve("certs.d").toString());
    environment.put("JDK_JAVA_OPTIONS", "-Xlog:library,class+init:file=" + log);
    Ended run =
        launch(
            environment, "wrap", Bench.image("noshell:1"), registry + "/launched/" + number + ":1");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("WARNING: ");
    return Files.readString(log, UTF_8);
  }

  private static Ended launch(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return in(
        folder, environment, with(List.of(copy.resolve("contract-builder").toString()), arguments));
  }

  private static String[] with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private static Path project() {
    return Launched.project();
  }

  /** A JDK 25 is on the PATH, whatever else the machine has. */
  private static Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    environment.put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
    environment.put("HOME", System.getenv("HOME"));
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    return environment;
  }

  /** A folder that looks like a JDK 17. */
  private static Path oldJdk() throws IOException {
    Path jdk = folder.resolve("jdk-17");
    Files.createDirectories(jdk.resolve("bin"));
    for (String name : List.of("java", "javac")) {
      Path program = Files.writeString(jdk.resolve("bin").resolve(name), "#!/bin/sh\nexit 1\n");
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    return jdk;
  }

  /** What a build made, with its times; stamps and locks apart. */
  private static Map<String, FileTime> built() throws IOException {
    var files = new TreeMap<String, FileTime>();
    try (Stream<Path> all = Files.walk(copy.resolve("dist"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!String.valueOf(file.getFileName()).startsWith(".")) {
          files.put(file.toString(), Files.getLastModifiedTime(file));
        }
      }
    }
    return files;
  }

  private record Ended(int code, String out, String err) {
    String all() {
      return out + err;
    }
  }

  private static Ended in(Path where, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    var builder = new ProcessBuilder(command).directory(where.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + " does not end");
    }
    return new Ended(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
