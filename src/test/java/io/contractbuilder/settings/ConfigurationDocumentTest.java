package io.contractbuilder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of {@code docs/configuration.md} to the settings; {@code ./mvn test
 * -Dtest=ConfigurationDocumentTest -Dconfiguration.write=true} writes it.
 */
class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/configuration.md");
  private static final String BEGIN = "<!-- settings: written by ConfigurationDocumentTest -->\n";
  private static final String END = "<!-- settings end -->\n";

  @Test
  void theDocumentSaysWhatTheSettingsSay() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    assertThat(document).contains(BEGIN, END);
    if (Boolean.getBoolean("configuration.write")) {
      document = document.substring(0, begin) + table() + document.substring(end);
      Files.writeString(DOCUMENT, document);
      end = document.indexOf(END);
    }
    assertThat(document.substring(begin, end))
        .as("to write it: ./mvn test -Dtest=ConfigurationDocumentTest -Dconfiguration.write=true")
        .isEqualTo(table());
  }

  private static String table() {
    return Arrays.stream(Setting.values())
        .map(ConfigurationDocumentTest::row)
        .collect(
            Collectors.joining(
                "\n", "| variable | meaning | allowed | default |\n|---|---|---|---|\n", "\n"));
  }

  private static String row(Setting setting) {
    boolean value = !setting.standard().isEmpty() && setting.standard().indexOf(' ') < 0;
    return "| `%s` | %s%s | %s | %s |"
        .formatted(
            setting.name(),
            setting.meaning(),
            setting.secret() ? " A wrong value is never shown." : "",
            setting.allowed(),
            value ? "`" + setting.standard() + "`" : setting.standard());
  }
}
