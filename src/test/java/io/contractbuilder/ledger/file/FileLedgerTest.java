package io.contractbuilder.ledger.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.ledger.DocumentLedgerConformance;
import io.contractbuilder.ledger.LedgerTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
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

class FileLedgerTest extends DocumentLedgerConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Override
  protected FileLedger ledger() {
    return new FileLedger(file(), CHAIN);
  }

  @Override
  protected List<String> documents() {
    try {
      return Files.readAllLines(file());
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

    assertThat(ids()).containsExactly("a", "b");
  }

  @Test
  void knowsEveryTransactionThatIsWhole() throws Exception {
    assertThat(ledger().view().lacks("a", "task-a", Instant.EPOCH)).isTrue();
    ledger().append(transaction("a"));
    ledger().append(transaction("b"));
    Files.writeString(file(), "{\"header\":{\"txn_id\":\"c\"", StandardOpenOption.APPEND);

    assertThat(List.of("a", "b", "c"))
        .filteredOn(id -> ledger().view().lacks(id, "task-" + id, Instant.EPOCH))
        .containsExactly("c");
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
