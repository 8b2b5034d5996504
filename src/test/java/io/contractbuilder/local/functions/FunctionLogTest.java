package io.contractbuilder.local.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionLogTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  private Instant now = Instant.parse("2026-11-20T10:55:58.466684123Z");
  private final InstantSource clock = () -> now;

  @Test
  void aLineIsAsInTheTranscripts() throws IOException {
    FunctionLog log = new FunctionLog("f1", temp, 1000, clock);
    log.add("29583", "tab\tand \"quote\"");
    assertThat(log.lines(-1, null))
        .containsExactly(
            "{\"name\":\"f1\",\"namespace\":\"openfaas-fn\",\"instance\":\"29583\","
                + "\"timestamp\":\"2026-11-20T10:55:58.466684Z\","
                + "\"text\":\"tab\\tand \\\"quote\\\"\"}");
  }

  @Test
  void theLogStaysWithinItsLimitAndKeepsTheLastLines() throws IOException {
    FunctionLog log = new FunctionLog("f1", temp, 1000, clock);
    for (int i = 0; i < 100; i++) {
      log.add("i", "line " + i);
    }
    assertThat(Files.size(temp.resolve("f1.log"))).isLessThanOrEqualTo(1000);
    assertThat(Files.size(temp.resolve("f1.log.1"))).isLessThanOrEqualTo(1000);
    List<String> last = log.lines(2, null);
    assertThat(last.getFirst()).contains("line 98");
    assertThat(last.getLast()).contains("line 99");
  }

  @Test
  void sinceLeavesOutWhatIsOlder() throws IOException {
    FunctionLog log = new FunctionLog("f1", temp, 1000, clock);
    log.add("i", "old");
    Instant since = now.plusSeconds(1);
    now = now.plusSeconds(2);
    log.add("i", "new");
    assertThat(log.lines(-1, since)).hasSize(1).first().asString().contains("new");
  }

  @Test
  void aRemovedLogTakesNothingMore() throws Exception {
    FunctionLog log = new FunctionLog("f1", temp, 1000, clock);
    log.add("i", "x");
    log.remove();
    log.add("i", "y");
    assertThat(temp).isEmptyDirectory();
    assertThat(log.awaitMore(log.written(), 1)).isFalse();
  }
}
