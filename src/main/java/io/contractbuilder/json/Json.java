package io.contractbuilder.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trees of JSON: strict reading (no duplicate keys, nothing after the value), the chain's compact
 * ASCII writing.
 */
public final class Json {
  /** A tree takes much more memory than its text: about 100 bytes for each of these. */
  private static final int MAX_TOKENS = 100_000;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  // As the chain's Python writes them.
                  .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(8 << 20)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .setNodeFactory(new Numbers());

  private Json() {}

  /** What has been read can be written: in plain digits, a short number may be endless. */
  private static final class Numbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1;
    private static final int MAX_SCALE = 9999;

    @Override
    public ValueNode numberNode(@Nullable BigDecimal value) {
      if (value != null && Math.abs((long) value.scale()) > MAX_SCALE) {
        throw new ArithmeticException("a number of too many digits");
      }
      return super.numberNode(value);
    }
  }

  /**
   * Reads one value.
   *
   * @throws JsonProcessingException with line and column; its message may quote the text's tokens,
   *     so use {@link JsonProcessingException#getLocation} where secrets may be in it
   */
  public static JsonNode read(byte[] text) throws JsonProcessingException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (ArithmeticException e) {
      throw new JsonParseException(null, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      // From memory only one is left: bytes that look like UTF-32 and are none.
      throw new JsonParseException(null, "text in no encoding of Unicode", e);
    }
  }

  /**
   * Reads an array of objects one by one, of each only some fields: a list may be as long as it
   * likes.
   *
   * @throws JsonProcessingException if it is no such array; objects before the fault were told
   */
  public static void each(byte[] array, Set<String> fields, Consumer<ObjectNode> listener)
      throws JsonProcessingException {
    try (JsonParser parser = LongLists.FACTORY.createParser(array)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new JsonParseException(parser, "no array");
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        ObjectNode read = object();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          if (fields.contains(name)) {
            read.set(name, LongLists.VALUES.readTree(parser));
          } else {
            parser.skipChildren();
          }
        }
        listener.accept(read);
      }
      if (parser.currentToken() != JsonToken.END_ARRAY) {
        throw new JsonParseException(parser, "no array of objects");
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new JsonParseException(null, "text in no encoding of Unicode", e);
    }
  }

  /** Made when it is first needed. */
  private static final class LongLists {
    static final JsonFactory FACTORY =
        MAPPER
            .getFactory()
            .rebuild()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();

    /** More follows each value. */
    static final ObjectReader VALUES =
        MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** Writes compactly, other characters than ASCII as {@code \}{@code uxxxx} in lower case. */
  public static byte[] write(JsonNode value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  /** {@link #write} as text. */
  public static String text(JsonNode value) {
    return new String(write(value), StandardCharsets.US_ASCII);
  }

  /** A new object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A new array. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }
}
