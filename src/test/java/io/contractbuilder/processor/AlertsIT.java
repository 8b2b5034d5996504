package io.contractbuilder.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of the alerts and the metrics. */
class AlertsIT {

  private static String promtool(Path input, String... arguments)
      throws IOException, InterruptedException {
    String bin = System.getenv("PARTS_BIN");
    assumeThat(bin).as("PARTS_BIN is not set: run under parts/run").isNotNull();
    Path program = Path.of(String.valueOf(bin), "promtool");
    assumeThat(program).as(program + ": parts/get brings it").isExecutable();
    var command = new java.util.ArrayList<>(java.util.List.of(program.toString()));
    command.addAll(java.util.List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + said;
  }

  @Test
  void theAlertsFireWhenTheyShould(@TempDir Path folder) throws IOException, InterruptedException {
    Path rules = Files.copy(AlertsTest.ALERTS, folder.resolve("alerts.yaml"));
    Path tests =
        Files.copy(Path.of("src/test/resources/alerts-test.yaml"), folder.resolve("test.yaml"));
    assertThat(promtool(tests, "check", "rules", rules.toString())).startsWith("0 ");
    assertThat(promtool(tests, "test", "rules", tests.toString())).startsWith("0 ");
  }

  @Test
  void theMetricsKeepToPrometheusConventions(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path metrics = Files.writeString(folder.resolve("metrics"), TelemetryTest.filled());
    assertThat(promtool(metrics, "check", "metrics").strip()).isEqualTo("0");
  }
}
