package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.Launched.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents are true: their commands run, in their order, and their links lead somewhere. */
class DocsIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)[^)]*\\)");

  /**
   * What runs this very test, rewrites the sources, or has a test of its own: that it is there is
   * all that is looked at.
   */
  private static final Pattern OURSELVES =
      Pattern.compile("\\./verify.*|\\./mvn .*|parts/run .*|\\./build|release/.*");

  @TempDir private Path folder;

  @Test
  void everyCommandOfTheReadmeRuns() throws Exception {
    run(Launched.project().resolve("README.md"));
  }

  @Test
  void everyCommandOfTheOtherDocumentsRuns() throws Exception {
    for (Path document : documents()) {
      if (!document.endsWith("README.md")) {
        run(document);
      }
    }
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents()) {
      for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
        assertThat(document.resolveSibling(link.group(1))).as(document.toString()).exists();
      }
    }
  }

  @Test
  void theCompletionIsAScript() throws Exception {
    Ended script = Launched.run(environment(), "generate-completion");
    assertThat(script.code()).isZero();
    Path file = Files.writeString(folder.resolve("completion"), script.out());
    assertThat(bash("bash -n " + file)).isZero();
  }

  private static List<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    Path project = Launched.project();
    documents.add(project.resolve("README.md"));
    documents.add(project.resolve("CONTRIBUTING.md"));
    try (Stream<Path> files = Files.walk(project.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  private Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    return environment;
  }

  private void run(Path document) throws Exception {
    // The commands stand as for somebody in a clone; what they write goes elsewhere.
    for (String name :
        List.of("contract-builder", "dist", "bench", "parts", "release", "verify", "mvn")) {
      Path link = folder.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Launched.project().resolve(name));
      }
    }
    Launched platform = null;
    try {
      Matcher blocks = BLOCK.matcher(Files.readString(document));
      while (blocks.find()) {
        for (String command : blocks.group(1).replace("\\\n", " ").strip().lines().toList()) {
          String bare = command.replaceAll("\\s+#.*", "").strip();
          if (bare.equals("./contract-builder platform")) {
            platform = Launched.start(environment(), "platform");
            platform.awaitOnErr("The platform answers");
          } else if (OURSELVES.matcher(bare).matches()) {
            assertThat(folder.resolve(bare.split(" ", 2)[0])).isExecutable();
          } else {
            assertThat(bash(bare)).as(document.getFileName() + ": " + bare).isZero();
          }
        }
      }
    } finally {
      if (platform != null) {
        platform.close();
      }
    }
  }

  private int bash(String command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    var builder = new ProcessBuilder("bash", "-c", command).directory(folder.toFile());
    builder.environment().putAll(environment());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    if (process.exitValue() != 0) {
      System.err.println(Files.readString(output, StandardCharsets.UTF_8));
    }
    return process.exitValue();
  }
}
