package io.contractbuilder.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Secret;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class StatusTokenTest {
  private static boolean knows(String token, String header) {
    return new StatusToken(() -> new Secret(token)).isIn(header);
  }

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  @Test
  void theTokenComesAsBearerOrAsAnyUsersPassword() {
    assertThat(knows("tok:en", "Bearer tok:en")).isTrue();
    assertThat(knows("tok:en", "bearer  tok:en ")).isTrue();
    assertThat(knows("tok:en", basic("anybody:tok:en"))).isTrue();
    assertThat(knows("schlüssel", basic(":schlüssel"))).isTrue();
  }

  @Test
  void nothingElseIsTaken() {
    assertThat(new StatusToken(() -> new Secret("token")).isIn(null)).isFalse();
    assertThat(knows("token", "")).isFalse();
    assertThat(knows("token", "token")).isFalse();
    assertThat(knows("token", "Bearer toke")).isFalse();
    assertThat(knows("token", "Bearer token1")).isFalse();
    assertThat(knows("token", "Digest token")).isFalse();
    assertThat(knows("token", basic("token"))).isFalse();
    assertThat(knows("token", basic("token:"))).isFalse();
    assertThat(knows("token", "Basic %%%")).isFalse();
  }

  @Test
  void anEmptyTokenLetsNobodyIn() {
    assertThat(knows("", "Bearer ")).isFalse();
    assertThat(knows("", basic("a:"))).isFalse();
    assertThat(new StatusToken(() -> new Secret("")).isIn(null)).isFalse();
  }
}
