package io.contractbuilder.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Trees of JSON: strict reading of UTF-8 (no duplicate keys, nothing after the value), the chain's
 * compact ASCII writing. The trees are Jackson's; what reads and writes them is Gson's, which a
 * short run has ready long before Jackson's own.
 */
public final class Json {
  /** A tree takes much more memory than its text: about 100 bytes for each of these. */
  private static final int MAX_TOKENS = 100_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  /**
   * Reads one value, nested 64 deep at most, of 100,000 tokens at most.
   *
   * @return a missing node for a text of nothing but white space
   * @throws MalformedJson with line and column
   */
  public static JsonNode read(byte[] text) throws MalformedJson {
    return new JsonTreeReader(text, MAX_TOKENS).only();
  }

  /**
   * Reads an array of objects one by one, of each only some fields: a list may be as long as it
   * likes. What is not asked for is passed over, and looked at less closely.
   *
   * @throws MalformedJson if it is no such array; objects before the fault were told
   */
  public static void each(byte[] array, Set<String> fields, Consumer<ObjectNode> listener)
      throws MalformedJson {
    new JsonTreeReader(array, Integer.MAX_VALUE).each(fields, listener);
  }

  /** Writes compactly, other characters than ASCII as {@code \}{@code uxxxx} in lower case. */
  public static byte[] write(JsonNode value) {
    return text(value).getBytes(StandardCharsets.US_ASCII);
  }

  /** {@link #write} as text. */
  public static String text(JsonNode value) {
    StringWriter out = new StringWriter();
    try (JsonWriter writer = new JsonWriter(out)) {
      writer.setStrictness(Strictness.STRICT);
      write(value, writer);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
    return ascii(out.getBuffer());
  }

  private static void write(JsonNode value, JsonWriter writer) throws IOException {
    // No switch over types: one is generated when it is first run, which takes as long as a
    // request.
    if (value instanceof ObjectNode object) {
      writer.beginObject();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        writer.name(field.getKey());
        write(field.getValue(), writer);
      }
      writer.endObject();
    } else if (value instanceof ArrayNode array) {
      writer.beginArray();
      for (JsonNode one : array) {
        write(one, writer);
      }
      writer.endArray();
    } else if (value.isTextual()) {
      writer.value(value.textValue());
    } else if (value.isBigDecimal()) {
      writer.jsonValue(value.decimalValue().toPlainString());
    } else if (value.isNumber()) {
      writer.jsonValue(value.asText());
    } else if (value.isBoolean()) {
      writer.value(value.booleanValue());
    } else if (value.isNull() || value.isMissingNode()) {
      writer.nullValue();
    } else {
      throw new IllegalArgumentException("no JSON: " + value.getNodeType());
    }
  }

  /** As Python writes it, from DEL on. Outside of strings, all is ASCII. */
  private static String ascii(CharSequence text) {
    StringBuilder ascii = null;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter > '~' && ascii == null) {
        ascii = new StringBuilder(text.length() + 64).append(text, 0, i);
      }
      if (ascii != null) {
        if (letter > '~') {
          ascii.append("\\u");
          for (int shift = 12; shift >= 0; shift -= 4) {
            ascii.append(Character.forDigit(letter >> shift & 0xf, 16));
          }
        } else {
          ascii.append(letter);
        }
      }
    }
    return (ascii == null ? text : ascii).toString();
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
