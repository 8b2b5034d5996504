package io.contractbuilder.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSummaryTest {
  private static final String ID = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";

  private static EventSummary of(String event) {
    return EventSummary.of(event.getBytes(UTF_8));
  }

  @Test
  void saysWhatIsWanted() {
    EventSummary event =
        of("{\"task_type\":\"update\",\"id\":\"" + ID + "\",\"start_state\":\"inactive\"}");
    assertThat(event.what()).isEqualTo("update of contract " + ID);
    assertThat(event.start()).isEqualTo("inactive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "[]", "7", "{\"a\":1,\"a\":2}", "{\"id\":"})
  void whatIsNoObjectSaysNothing(String event) {
    assertThat(of(event).what()).isEqualTo("unknown action");
    assertThat(of(event).shown()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"task_type\":{\"s3cr3t\":1}}",
        "{\"id\":\"s3cr3t\\u001b[2J\"}",
        "{\"env\":\"s3cr3t\"}",
        "{\"secrets\":[\"s3cr3t\"]}",
        "{\"image\":\"https://me:s3cr3t@host/x\"}",
        "{\"existing_secrets\":[{\"a\":\"s3cr3t\"}]}",
        "{\"auth\":\"s3cr3t\",\"cmd\":\"s3cr3t\",\"other\":\"s3cr3t\"}",
      })
  void noValueThatMayBeSecretIsShown(String event) {
    assertThat(String.valueOf(of(event).shown())).doesNotContain("s3cr3t").contains("***");
  }
}
