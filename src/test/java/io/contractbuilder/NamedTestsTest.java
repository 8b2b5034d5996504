package io.contractbuilder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that say what shows that they are true. */
class NamedTestsTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");

  @ParameterizedTest
  @CsvSource({"security.md, 40", "kubernetes.md, 20"})
  void everyTestThatTheDocumentNamesIsThere(String document, int least) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    Matcher named = NAMED.matcher(Files.readString(Path.of("docs", document)));
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      count++;
      String file = named.group(1) + ".java";
      boolean there = false;
      for (Path source : sources) {
        there |=
            source.endsWith(file)
                && Files.readString(source).contains("void " + named.group(2) + "(");
      }
      if (!there) {
        missing.add(named.group());
      }
    }

    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(least);
  }
}
