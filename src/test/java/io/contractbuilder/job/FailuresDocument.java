package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code docs/failures.md}, whose tables tests make. */
final class FailuresDocument {
  private static final Path DOCUMENT = Path.of("docs/failures.md");

  private FailuresDocument() {}

  /**
   * Holds a table of the document to what a test found; {@code -Dfailures.write=true} writes it.
   */
  static void assertHolds(String name, Class<?> test, String table) throws IOException {
    String begin = "<!-- " + name + ": written by " + test.getSimpleName() + " -->\n";
    String end = "<!-- " + name + " end -->\n";
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(begin, end);
    int from = document.indexOf(begin) + begin.length();
    if (Boolean.getBoolean("failures.write")) {
      document = document.substring(0, from) + table + document.substring(document.indexOf(end));
      Files.writeString(DOCUMENT, document);
    }
    assertThat(document.substring(from, document.indexOf(end)))
        .as("to write it: ./mvn test -Dtest=%s -Dfailures.write=true", test.getSimpleName())
        .isEqualTo(table);
  }

  /** Exit code and state. */
  static String ended(Outcome outcome, World world) {
    String code =
        switch (outcome) {
          case Outcome.Done done -> done.warnings().isEmpty() ? "done" : "done, with a warning";
          case Outcome.Retry _ -> "3";
          case Outcome.Failed _ -> "1";
        };
    Contract contract = world.documents().find(Tasks.ID);
    String state =
        contract == null
            ? "none"
            : contract.status().state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return code + ", " + state;
  }
}
