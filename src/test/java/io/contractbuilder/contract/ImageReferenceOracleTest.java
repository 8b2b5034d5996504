package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * {@code reference-oracle.tsv} is written by {@code reference-oracle.go.txt} beside it, which says
 * how.
 */
class ImageReferenceOracleTest {

  @Test
  void readsReferencesAsDockersOwnLibraryDoes() throws IOException {
    var softly = new SoftAssertions();
    int taken = 0;
    for (String line : oracle()) {
      List<String> columns = List.of(line.split("\t", -1));
      String text = Json.read(columns.getFirst().getBytes(UTF_8)).textValue();
      softly.assertThat(read(text)).as("%s", columns.getFirst()).isEqualTo(columns.get(1));
      taken += columns.get(1).equals("refused") ? 0 : 1;
    }
    softly.assertAll();
    assertThat(taken).isBetween(300, 600);
  }

  private static String read(String text) {
    try {
      return ImageReference.parse(text).toString();
    } catch (IllegalArgumentException e) {
      return "refused";
    }
  }

  private static List<String> oracle() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            ImageReferenceOracleTest.class.getResourceAsStream("/contract/reference-oracle.tsv"))) {
      return new String(file.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
