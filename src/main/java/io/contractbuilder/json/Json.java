package io.contractbuilder.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * Trees of JSON: strict reading (no duplicate keys, nothing after the value), the chain's compact
 * ASCII writing.
 */
public final class Json {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final HexFormat HEX = HexFormat.of();

  private Json() {}

  /**
   * Reads one value.
   *
   * @throws JsonProcessingException with line and column; its message may quote the text's tokens,
   *     so use {@link JsonProcessingException#getLocation} where secrets may be in it
   */
  public static JsonNode read(byte[] text) throws JsonProcessingException {
    CharBuffer decoded;
    try {
      // Not put in place of what is no UTF-8: text that differs is not read as equal.
      decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new JsonParseException(null, "text that is no UTF-8", e);
    }
    return new JsonReader(decoded.toString(), NODES).read();
  }

  /** Writes compactly, other characters than ASCII as {@code \}{@code uxxxx} in lower case. */
  public static byte[] write(JsonNode value) {
    return text(value).getBytes(StandardCharsets.US_ASCII);
  }

  /** {@link #write} as text. */
  public static String text(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonNode value, StringBuilder out) {
    // A switch over types would be made at run time, which takes long.
    if (value instanceof ObjectNode object) {
      out.append('{');
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        write(field.getKey(), out);
        out.append(':');
        write(field.getValue(), out);
        out.append(',');
      }
      end(out, '}');
    } else if (value instanceof ArrayNode array) {
      out.append('[');
      for (JsonNode one : array) {
        write(one, out);
        out.append(',');
      }
      end(out, ']');
    } else if (value.isTextual()) {
      write(value.textValue(), out);
    } else if (value.isBigDecimal()) {
      out.append(value.decimalValue().toPlainString());
    } else {
      out.append(value.asText());
    }
  }

  private static void end(StringBuilder out, char end) {
    if (out.charAt(out.length() - 1) == ',') {
      out.setCharAt(out.length() - 1, end);
    } else {
      out.append(end);
    }
  }

  private static void write(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      switch (one) {
        case '"', '\\' -> out.append('\\').append(one);
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (one >= ' ' && one <= 0x7f) {
            out.append(one);
          } else {
            out.append("\\u").append(HEX.toHexDigits(one));
          }
        }
      }
    }
    out.append('"');
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
