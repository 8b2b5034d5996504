package io.contractbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T22:48:00Z",
        "2026-01-01T00:00:00Z",
        "2026-11-21T22:48:01Z",
        "2026-11-21T22:48:00.500Z",
        "2026-11-21T22:48:59.000001Z",
        "2026-11-21T22:48:59.123456789Z",
        "1970-01-01T00:00:00Z"
      })
  void isWrittenAsAnInstantWritesItself(String time) {
    Instant instant = Instant.parse(time);

    assertThat(LogTime.text(instant)).isEqualTo(time).isEqualTo(instant.toString());
  }
}
