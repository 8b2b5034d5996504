package io.contractbuilder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  /** The library's own way, which takes long to load. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " null ",
        "true",
        "\"a\\u00e9é\\\\\\\"\\n\\u0000\\ud83d\\ude00\"",
        "{\"b\":{\"a\":[null,false,{},[[]],\"\"]},\"a\":{},\"\":1}",
        "[0,-1,2147483647,2147483648,-9223372036854775808,9223372036854775808,1e2,1.50,-0.0,1E-20]",
        "123456789012345678901234567890.123456789"
      })
  void readsAndWritesAsTheLibrarysMapper(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(Json.read(bytes)).isEqualTo(MAPPER.readTree(bytes));
    assertThat(Json.text(Json.read(bytes)))
        .isEqualTo(MAPPER.writeValueAsString(MAPPER.readTree(bytes)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1,]",
        "{\"a\":1,}",
        "]",
        "a",
        "1 2",
        "{} {}",
        "{}x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "NaN",
        "'a'",
        "\"a",
        "1e999999999",
        "100E2147483647",
        "[10000E2147483647]",
        "1e-99999",
        "01",
        "\"\u0001\""
      })
  void whatIsNotOneValueIsRefused(String text) {
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theMessageSaysWhereAndQuotesNothing() {
    byte[] text = "{\n \"s3cr3t\": hidden}".getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.read(text))
        .withMessage("text that is not JSON at line 2, column 12");
  }

  @Test
  void otherEncodingsThanUtf8AreRefused() {
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.read("[\"é\"]".getBytes(StandardCharsets.ISO_8859_1)))
        .withMessage("text that is not UTF-8");
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(() -> Json.read("[1]".getBytes(StandardCharsets.UTF_16)));
  }

  /** As {@code json.dumps} of the chain's Python does. */
  @Test
  void whatIsNotPrintableAsciiIsEscaped() {
    String text = "\u007f\u0080é\u2028\ud83d\ude00\u001f~\b/";

    assertThat(Json.text(Json.object().put("a", text)))
        .isEqualTo("{\"a\":\"\\u007f\\u0080\\u00e9\\u2028\\ud83d\\ude00\\u001f~\\b/\"}");
  }

  @Test
  void nothingAtAllIsAMissingValue() throws MalformedJson {
    assertThat(Json.read(new byte[0]).isMissingNode()).isTrue();
    assertThat(Json.read(new byte[] {' ', '\n'}).isMissingNode()).isTrue();
  }

  @Test
  void nestingDeeperThan64IsRefused() throws MalformedJson {
    assertThat(Json.read(nested(64)).size()).isLessThanOrEqualTo(1);
    assertThatExceptionOfType(MalformedJson.class).isThrownBy(() -> Json.read(nested(65)));
  }

  private static byte[] nested(int depth) {
    String text = "[".repeat(depth - 1) + "[]" + "]".repeat(depth - 1);
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
