package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The entry script's process in a chain's place: no home, no file system to write on but the
 * storage's, any shell, any user; and signals reach the program.
 */
class ChainEntryIT extends ChainTest {
  @ParameterizedTest
  @CsvSource({"dash, ROOT", "dash, UID_1000", "busybox, ROOT", "busybox, UID_1000"})
  void createsWithNothingToWriteButTheStorage(String shell, User user) throws IOException {
    List<String> words =
        shell.equals("busybox")
            ? List.of(Bench.part("PARTS_BIN") + "/busybox", "sh")
            : List.of(shell);
    String id = UUID.randomUUID().toString();
    bench.contracts.add(id);
    bench.clear(Storage.DISK);
    String event = event(id);

    try (Launched job = bench.start(Storage.DISK, user, words, Map.of("EVENT", event))) {
      Ended ended = job.ended();
      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.all()).doesNotContain("Read-only file system");
    }

    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + id, "x");
    assertThat(Json.read(answer).path("stdin").asText()).isEqualTo("x");
    // Besides the contract's, its key's and the journal's: nothing.
    assertThat(objects())
        .allMatch(
            name ->
                name.startsWith("SMARTCONTRACT/" + id + "/")
                    || name.startsWith("KEYS/")
                    || name.startsWith("CONTRACT_BUILDER/"));
  }

  @Test
  void aSignalReachesTheProgramWhichTakesBackWhatItMade() throws Exception {
    String id = UUID.randomUUID().toString();
    bench.contracts.add(id);
    bench.clear(Storage.DISK);
    Predicate<String> deploying = request -> request.equals("POST /system/functions");
    bench.gateway.hang(deploying);
    try (Launched job =
        bench.start(Storage.DISK, User.UID_1000, List.of("sh"), Map.of("EVENT", event(id)))) {
      Bench.await(
          "the function is deployed", () -> bench.gateway.requests().stream().anyMatch(deploying));
      bench.gateway.hang(request -> false);
      // bwrap, its own first process, and what the script became: no shell is left between them.
      ProcessHandle program = last(job.process().toHandle());
      assertThat(program.info().command().orElse("")).endsWith("/java");
      assertThat(program.destroy()).isTrue();
      Ended ended = job.ended();
      assertThat(ended.code()).as(ended.all()).isEqualTo(143);
      assertThat(ended.err()).doesNotContain("defect of the program");
    } finally {
      bench.gateway.hang(request -> false);
    }
    // Its journal says how far it came, for the next run.
    assertThat(objects())
        .containsExactlyInAnyOrder(
            "SMARTCONTRACT/" + id + "/metadata.json", "CONTRACT_BUILDER/JOURNAL/" + id + ".json");
    assertThat(bench.onGateway("function")).isEmpty();
    assertThat(bench.onGateway("secret")).isEmpty();
    // A counter of all the leases there ever were.
    assertThat(bench.redis.keys("*")).containsExactly("contract-builder:lock-token");
  }

  private static ProcessHandle last(ProcessHandle process) {
    return process.children().findFirst().map(ChainEntryIT::last).orElse(process);
  }

  private String event(String id) {
    return """
        {"version":"1","task_type":"create","id":"%s","txn_type":"entered","image":"%s",
        "cmd":"/bin/answer","args":[],"env":{},"secrets":{},"execution_order":"serial"}"""
        .formatted(id, bench.customerImage("1"));
  }

  private List<String> objects() throws IOException {
    Path folder = bench.objects(Storage.DISK);
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
  }
}
