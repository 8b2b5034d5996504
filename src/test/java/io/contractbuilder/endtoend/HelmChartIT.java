package io.contractbuilder.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm makes of the chart. {@code -Dchart.write=true} writes the golden files. */
class HelmChartIT {
  private static final String CHART = "charts/contract-builder";
  private static final Path CASES = Path.of("src/test/resources/chart");

  @TempDir Path home;

  private String helm(String... arguments) throws IOException, InterruptedException {
    String bin = System.getenv("PARTS_BIN");
    assumeThat(bin).as("PARTS_BIN is not set: run under parts/run").isNotNull();
    Path program = Path.of(String.valueOf(bin), "helm");
    assumeThat(program)
        .as(program + ": parts/get brings it where there are npm and python3")
        .isExecutable();
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + "\n" + said;
  }

  private String template(String name, String... more) throws IOException, InterruptedException {
    var arguments =
        new ArrayList<>(List.of("template", "d-1", CHART, "--namespace", "chain", "--values"));
    arguments.add(CASES.resolve(name).resolve("values.yaml").toString());
    arguments.addAll(List.of(more));
    return helm(arguments.toArray(String[]::new));
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "kubernetes", "disk"})
  void whatItMakesIsWhatIsExpected(String name) throws IOException, InterruptedException {
    Path values = CASES.resolve(name).resolve("values.yaml");
    assertThat(helm("lint", "--strict", CHART, "--values", values.toString())).startsWith("0\n");
    String made = template(name);
    assertThat(made).startsWith("0\n");
    Path golden = CASES.resolve(name).resolve("golden.yaml");
    if (Boolean.getBoolean("chart.write")) {
      Files.writeString(golden, made.substring(2));
    }
    assertThat(made.substring(2)).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "kubernetes", "disk"})
  void noPodHasMoreRightsThanItNeeds(String name) throws IOException, InterruptedException {
    String made = template(name);
    long pods = made.lines().filter(line -> line.strip().equals("containers:")).count();
    assertThat(pods).isEqualTo(name.equals("kubernetes") ? 2 : 1);
    for (String wanted :
        List.of(
            "runAsNonRoot: true",
            "allowPrivilegeEscalation: false",
            "readOnlyRootFilesystem: true",
            "type: RuntimeDefault",
            "drop: [ALL]",
            "enableServiceLinks: false")) {
      assertThat(made.split(Pattern.quote(wanted), -1).length - 1L)
          .as(wanted)
          .isGreaterThanOrEqualTo(pods);
    }
    assertThat(made)
        .doesNotContain("kind: Secret\n", "kind: ClusterRole", "hostPath", "privileged");
  }

  @Test
  void kubernetesIsAskedOnlyToLaunchJobs() throws IOException, InterruptedException {
    for (String name : List.of("process", "disk")) {
      assertThat(template(name))
          .doesNotContain("kind: Role", "automountServiceAccountToken: true", "_JOB_");
    }
    String made = template("kubernetes");
    assertThat(made).contains("kind: Role\n", "automountServiceAccountToken: true");
    assertThat(all("(?<= verbs: ).*", made))
        .containsExactlyInAnyOrder("[get, create, delete]", "[create]", "[list]");
    assertThat(template("kubernetes", "--set", "rbac.create=false")).doesNotContain("kind: Role");
  }

  @Test
  void everySettingThatItSetsIsOneOfTheProgram() throws IOException, InterruptedException {
    String known = Files.readString(Path.of("docs/configuration.md"));
    String made = template("process") + template("kubernetes") + template("disk");
    assertThat(all("(?<=name: )CONTRACT_BUILDER_[A-Z_]+", made))
        .hasSizeGreaterThan(12)
        .allMatch(name -> known.contains("| `" + name + "` |"));
  }

  @Test
  void theRulesAreTheAlerts() throws IOException, InterruptedException {
    String alerts = Files.readString(Path.of(CHART, "alerts.yaml"));
    String rules =
        alerts.lines().filter(line -> !line.isBlank()).map("  "::concat).toList().toString();
    String made =
        template("kubernetes").lines().filter(line -> !line.isBlank()).toList().toString();
    assertThat(made).contains(rules.substring(1, rules.length() - 1));
  }

  @ParameterizedTest
  @CsvSource({
    "replica=2, replica",
    "chain.settings.FAAS_GATWAY=http://g, FAAS_GATWAY",
    "settings.CONTRACT_BUILDER_LISTEN=:1, CONTRACT_BUILDER_LISTEN",
    "launch.mode=docker, launch",
    "stopLimit=20, stopLimit",
    "secrets.redis.password=p, password",
    "image.repository=, image.repository",
    "chain.existingConfigMap=, chain.existingConfigMap"
  })
  void whatIsWrongIsNamed(String value, String named) throws IOException, InterruptedException {
    assertThat(template("disk", "--set", value)).startsWith("1\n").contains(named);
  }
}
