package io.contractbuilder.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0.50, 0.5",
    "100m, 0.1",
    "600M, 600000000",
    "64Mi, 67108864",
    "1, 1",
    "2., 2",
    "1k, 1000"
  })
  void quantitiesAreAsInKubernetes(String text, String value) {
    assertThat(Quantity.parse(text)).isEqualByComparingTo(value);
  }

  @Test
  void whatIsNoQuantityIsRefused() {
    for (String bad : new String[] {"", "-1", "1 G", "1g", "G", "1e3", "0x1", "1Mib"}) {
      assertThatThrownBy(() -> Quantity.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
