package io.contractbuilder.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alerts that are given to operators. */
class AlertsTest {
  static final Path ALERTS = Path.of("charts/contract-builder/alerts.yaml");

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .distinct()
        .toList();
  }

  @Test
  void everyMetricInThemIsExposed() throws IOException {
    String exposed = TelemetryTest.filled();
    List<String> metrics = all("contract_builder_[a-z_]+", Files.readString(ALERTS));
    assertThat(metrics)
        .hasSizeGreaterThan(6)
        .allSatisfy(
            metric ->
                assertThat(exposed.lines()).anyMatch(line -> line.matches(metric + "[ {].*")));
  }

  @Test
  void theOperatorsPageSaysOfEachWhatToDo() throws IOException {
    String page = Files.readString(Path.of("docs/operators.md"));
    List<String> alerts = all("(?<=alert: )[A-Za-z]+", Files.readString(ALERTS));
    assertThat(alerts)
        .hasSizeGreaterThan(6)
        .allMatch(alert -> page.contains("\n### " + alert + "\n"));
    assertThat(all("(?<=\n### )ContractBuilder[A-Za-z]+", page)).isEqualTo(alerts);
  }
}
