package io.contractbuilder.ledger.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerConformance;
import io.contractbuilder.ledger.LedgerTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerTest extends LedgerConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Override
  protected Ledger ledger() {
    return new FileLedger(file(), CHAIN);
  }

  @Override
  protected List<JsonNode> documents() {
    try {
      var documents = new ArrayList<JsonNode>();
      for (String line : Files.readAllLines(file())) {
        documents.add(Json.read(line.getBytes(StandardCharsets.UTF_8)));
      }
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLineThatWasCutOffIsReplaced() throws Exception {
    ledger().append(transaction("a"));
    Files.writeString(
        file(), "{\"version\":\"2\",\"header\":{\"txn_id\":\"b\"", StandardOpenOption.APPEND);

    assertThat(ledger().append(transaction("b"))).isTrue();

    assertThat(documents())
        .extracting(document -> document.path("header").path("txn_id").asText())
        .containsExactly("a", "b");
  }

  @Test
  void anIdThatIsOnlyMentionedIsAnother() throws Exception {
    ledger().append(transaction("a-b"));

    assertThat(ledger().append(transaction("a"))).isTrue();
  }

  @Test
  void manyAtATimeAppendEachOnce() throws Exception {
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 40; i++) {
      String id = "transaction-" + i % 20;
      tasks.add(() -> ledger().append(transaction(id)));
    }
    int appended = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var result : threads.invokeAll(tasks)) {
        appended += result.get() ? 1 : 0;
      }
    }
    assertThat(appended).isEqualTo(20);
    assertThat(documents()).hasSize(20);
  }

  private static LedgerTransaction transaction(String id) {
    return new LedgerTransaction(
        id, "task-" + id, Instant.EPOCH, new TransactionType("currency"), "create", "node", null);
  }

  private Path file() {
    return folder.resolve("state/ledger.jsonl");
  }
}
