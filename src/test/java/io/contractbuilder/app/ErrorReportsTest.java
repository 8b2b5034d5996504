package io.contractbuilder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.json.Json;
import io.contractbuilder.storage.StorageException;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chain formats, §2, {@code ERROR_REPORTING_TYPE}. */
class ErrorReportsTest {
  private static final String CANARY = "cAnArY0value";
  private static final Instant NOW = Instant.ofEpochSecond(1_767_323_045, 12_345_678);
  private static final Outcome FAILED =
      new Outcome.Failed("It cannot be.", List.of(), new IllegalStateException("the cause"));

  @TempDir private Path folder;

  private ErrorReports reports(Path storage) {
    return new ErrorReports(
        List.of(new DiskObjectStore(storage)), "contract-job", "internal-1", () -> NOW);
  }

  @Test
  void hasTheChainsNameFieldsAndOrder() throws IOException {
    assertThat(reports(folder).reported(FAILED)).isSameAs(FAILED);

    byte[] bytes = Files.readAllBytes(folder.resolve("error_contract-job_1767323045.012345.log"));
    JsonNode report = Json.read(bytes);
    String trace = report.path("stack_trace").asText();
    assertThat(trace)
        .startsWith("It cannot be.\njava.lang.IllegalStateException: the cause\n\tat ");
    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"dcrn":"Error::L1::InTransit","version":"1","app":"Dragonchain",\
            "timestamp":1767323045,"service":"contract-job","stack_trace":%s,\
            "message":"{\\"internal_id\\":\\"internal-1\\"}"}"""
                .formatted(Json.text(report.path("stack_trace"))));
  }

  @Test
  void whatMayGoWellLaterIsReportedToo() throws IOException {
    reports(folder).reported(new Outcome.Retry("Not now.", List.of(), null));

    assertThat(texts(folder)).singleElement().asString().contains("Not now.");
  }

  @Test
  void whatWentWellIsNot() throws IOException {
    reports(folder).reported(new Outcome.Done(null, List.of(), false));

    assertThat(texts(folder)).isEmpty();
  }

  @Test
  void aStorageThatFailsHidesNoFailure() throws IOException {
    Path file = Files.writeString(folder.resolve("not-a-folder"), "");

    assertThat(reports(file).reported(FAILED)).isSameAs(FAILED);
    reports(file).write(new IllegalStateException("a defect"));

    assertThatThrownBy(() -> new DiskObjectStore(file).put("x", new byte[0]))
        .as("it would have failed")
        .isInstanceOf(StorageException.class);
  }

  @Test
  void aFailingJobsReportHoldsNoSecret() throws IOException {
    Outcome outcome = run("storage", event("\"api-token\":\"" + CANARY + "\""));

    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    assertThat(texts(folder.resolve("storage")))
        .singleElement()
        .asString()
        .contains("127.0.0.1:1")
        .doesNotContain(CANARY, base64(CANARY), base64("user:" + CANARY));
  }

  @Test
  void anEventThatIsNoneIsReportedWithoutItsSecrets() throws IOException {
    assertThatThrownBy(
            () -> run("STORAGE", event("\"a b\":\"" + CANARY + "\",\"c\":[\"" + CANARY + "\"]")))
        .isInstanceOf(InvalidInput.class);

    assertThat(texts(folder.resolve("storage")))
        .singleElement()
        .asString()
        .contains("secrets")
        .doesNotContain(CANARY);
  }

  @Test
  void nothingIsReportedWhereThatIsNotConfigured() throws IOException {
    for (String type : List.of("", "sns")) {
      assertThatThrownBy(() -> run(type, event("\"a b\":\"\""))).isInstanceOf(InvalidInput.class);
    }
    assertThat(texts(folder.resolve("storage"))).isEmpty();
  }

  /** A create that fails as no gateway listens. */
  private Outcome run(String type, String event) throws IOException {
    Path watchdog = folder.resolve("watchdog/builtin/amd64/fwatchdog");
    Files.createDirectories(watchdog.getParent());
    Files.writeString(watchdog, "a program");
    var settings =
        Map.of(
            "CONTRACT_BUILDER_STATE",
            folder.resolve("state").toString(),
            "STORAGE_LOCATION",
            folder.resolve("storage").toString(),
            "FAAS_GATEWAY",
            "http://127.0.0.1:1",
            "ERROR_REPORTING_TYPE",
            type);
    try (var wiring = new Wiring(new HashMap<>(settings), folder, () -> false)) {
      return wiring.run(event.getBytes(StandardCharsets.UTF_8), new JobListener() {});
    }
  }

  private static String event(String secrets) {
    return """
        {"version":"1","task_type":"create","id":"7e4c1d2a-5b3f-4a6e-8c9d-0f1e2d3c4b5a",
        "txn_type":"reported","image":"127.0.0.1:1/customer/none:1","cmd":"/bin/none","args":[],
        "env":{},"execution_order":"serial","auth":"%s","secrets":{%s}}"""
        .formatted(base64("user:" + CANARY), secrets);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> texts(Path storage) throws IOException {
    if (!Files.exists(storage)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(storage)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("error_"))
          .map(ErrorReportsTest::text)
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
