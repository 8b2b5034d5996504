package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void quotedStringsMayHoldCommasAndEscapes() {
    assertThat(
            Challenge.parse(
                List.of(
                    "Bearer realm=\"https://a.example/token\",service=\"a \\\"b\\\"\","
                        + "scope=\"repository:x:pull,push\"")))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://a.example/token",
                    "service", "a \"b\"",
                    "scope", "repository:x:pull,push")));
  }

  @Test
  void severalChallengesMayStandInOneHeaderAndInSeveral() {
    assertThat(
            Challenge.parse(
                List.of("Negotiate, Basic realm=\"a\", Bearer realm=b", "Digest nonce=c")))
        .extracting(Challenge::scheme)
        .containsExactly("negotiate", "basic", "bearer", "digest");
  }

  @Test
  void tokenOfASchemeIsNoParameterOfIt() {
    assertThat(Challenge.parse(List.of("Negotiate YWJj==, Basic realm=x")))
        .containsExactly(
            new Challenge("negotiate", Map.of()), new Challenge("basic", Map.of("realm", "x")));
  }

  @Test
  void malformedOnesEndTheirHeaderAlone() {
    assertThat(Challenge.parse(List.of("\"", "=,=", "Bearer realm=\"open", "Basic realm=x")))
        .extracting(Challenge::scheme)
        .contains("bearer", "basic");
  }
}
