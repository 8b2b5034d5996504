package io.contractbuilder.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Trees of JSON: strict reading (no duplicate keys, nothing after the value), the chain's compact
 * ASCII writing.
 */
public final class Json {
  /** A tree takes much more memory than its text: about 100 bytes for each of these. */
  private static final int MAX_TOKENS = 100_000;

  private static final int MAX_SCALE = 9999;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          // As the chain's Python writes them.
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxStringLength(8 << 20)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  /** What has been read can be written: in plain digits, a short number may be endless. */
  private static JsonNode number(BigDecimal value) {
    BigDecimal shortest = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (Math.abs((long) shortest.scale()) > MAX_SCALE) {
      throw new ArithmeticException("a number of too many digits");
    }
    return NODES.numberNode(shortest);
  }

  /**
   * Reads one value.
   *
   * @throws JsonProcessingException with line and column; its message may quote the text's tokens,
   *     so use {@link JsonProcessingException#getLocation} where secrets may be in it
   */
  public static JsonNode read(byte[] text) throws JsonProcessingException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return NODES.missingNode();
      }
      JsonNode value = value(parser, first);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "something after the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (ArithmeticException e) {
      throw new JsonParseException(null, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      // From memory only one is left: bytes that look like UTF-32 and are none.
      throw new JsonParseException(null, "text in no encoding of Unicode", e);
    }
  }

  /** The mapper of the library would do it, too, but takes long to load. */
  private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          object.set(name, value(parser, parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken one = parser.nextToken();
            one != JsonToken.END_ARRAY;
            one = parser.nextToken()) {
          array.add(value(parser, one));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> number(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new JsonParseException(parser, "no value");
    };
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
            read.set(name, value(parser, parser.currentToken()));
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
    } catch (ArithmeticException e) {
      throw new JsonParseException(null, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new JsonParseException(null, "text in no encoding of Unicode", e);
    }
  }

  /** Made when it is first needed. */
  private static final class LongLists {
    static final JsonFactory FACTORY =
        Json.FACTORY
            .rebuild()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();
  }

  /** Writes compactly, other characters than ASCII as {@code \}{@code uxxxx} in lower case. */
  public static byte[] write(JsonNode value) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(value, generator);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonNode value, JsonGenerator generator) throws IOException {
    // No switch: one over types is generated when it is first run, which takes as long as a
    // request.
    if (value instanceof ObjectNode object) {
      generator.writeStartObject();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        generator.writeFieldName(field.getKey());
        write(field.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value instanceof ArrayNode array) {
      generator.writeStartArray();
      for (JsonNode one : array) {
        write(one, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof NullNode) {
      generator.writeNull();
    } else {
      // A mapper's settings are for objects, arrays and Java values.
      value.serialize(generator, null);
    }
  }

  /** {@link #write} as text. */
  public static String text(JsonNode value) {
    return new String(write(value), StandardCharsets.US_ASCII);
  }

  /** A new object. */
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /** A new array. */
  public static ArrayNode array() {
    return NODES.arrayNode();
  }
}
