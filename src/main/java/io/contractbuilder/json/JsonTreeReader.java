package io.contractbuilder.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;

/** Makes trees of one text, by Gson's reader. */
final class JsonTreeReader {
  private static final int MAX_DEPTH = 64;

  /** What has been read can be written: in plain digits, a short number may be endless. */
  private static final int MAX_SCALE = 9999;

  /** So many digits are a long for sure. */
  private static final int LONG_DIGITS = 18;

  private static final String NO_JSON = "text that is not JSON";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonReader reader;
  private int tokensLeft;

  /**
   * @param maxTokens of the whole text
   */
  JsonTreeReader(byte[] text, int maxTokens) {
    // The decoder reports what is no UTF-8, where a charset would put something in its place.
    this.reader =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder()));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_DEPTH);
    this.tokensLeft = maxTokens;
  }

  private MalformedJson malformed(IOException e) {
    if (e instanceof MalformedJson malformed) {
      return malformed;
    }
    if (e instanceof CharacterCodingException) {
      return new MalformedJson("text that is not UTF-8");
    }
    // From memory nothing else fails.
    return malformed(NO_JSON);
  }

  private MalformedJson malformed(String reason) {
    return new MalformedJson(reason + place(reader.toString()));
  }

  /** Gson's reader tells its place only in words: "JsonReader at line 1 column 2 path $.name". */
  private static String place(String words) {
    int line = words.indexOf(" at line ");
    int column = words.indexOf(" column ", line);
    int path = words.indexOf(" path ", column);
    return line < 0 || column < 0 || path < 0
        ? ""
        : words.substring(line, column) + "," + words.substring(column, path);
  }

  /** The text's one value; a missing node for none. */
  JsonNode only() throws MalformedJson {
    try {
      JsonNode value = isEmpty() ? NODES.missingNode() : value();
      if (!value.isMissingNode() && reader.peek() != JsonToken.END_DOCUMENT) {
        throw malformed(NO_JSON);
      }
      return value;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private boolean isEmpty() throws IOException {
    try {
      return reader.peek() == JsonToken.END_DOCUMENT;
    } catch (EOFException e) {
      return true;
    }
  }

  /** Tells of the objects of the text's one array, of each only some fields. */
  void each(Set<String> fields, Consumer<ObjectNode> listener) throws MalformedJson {
    try {
      if (isEmpty() || reader.peek() != JsonToken.BEGIN_ARRAY) {
        throw malformed("text that is no array");
      }
      reader.beginArray();
      while (reader.hasNext()) {
        if (reader.peek() != JsonToken.BEGIN_OBJECT) {
          throw malformed("no array of objects");
        }
        listener.accept(part(fields));
      }
      reader.endArray();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private ObjectNode part(Set<String> fields) throws IOException {
    ObjectNode read = NODES.objectNode();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (fields.contains(name)) {
        read.set(name, valueOf(name, read));
      } else {
        reader.skipValue();
      }
    }
    reader.endObject();
    return read;
  }

  private JsonNode value() throws IOException {
    if (--tokensLeft < 0) {
      throw malformed("too much JSON");
    }
    JsonToken token = reader.peek();
    if (token == JsonToken.BEGIN_OBJECT) {
      ObjectNode object = NODES.objectNode();
      reader.beginObject();
      while (reader.hasNext()) {
        tokensLeft--;
        String name = reader.nextName();
        object.set(name, valueOf(name, object));
      }
      reader.endObject();
      return object;
    }
    if (token == JsonToken.BEGIN_ARRAY) {
      ArrayNode array = NODES.arrayNode();
      reader.beginArray();
      while (reader.hasNext()) {
        array.add(value());
      }
      reader.endArray();
      return array;
    }
    return switch (token) {
      case STRING -> NODES.textNode(reader.nextString());
      case NUMBER -> number(reader.nextString());
      case BOOLEAN -> NODES.booleanNode(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield NODES.nullNode();
      }
      case BEGIN_OBJECT, BEGIN_ARRAY, END_OBJECT, END_ARRAY, NAME, END_DOCUMENT ->
          throw malformed(NO_JSON);
    };
  }

  private JsonNode valueOf(String name, ObjectNode object) throws IOException {
    if (object.has(name)) {
      throw malformed("a key that stands twice");
    }
    return value();
  }

  private JsonNode number(String digits) throws MalformedJson {
    if (digits.indexOf('.') >= 0 || digits.indexOf('e') >= 0 || digits.indexOf('E') >= 0) {
      return decimal(digits);
    }
    if (digits.length() <= LONG_DIGITS) {
      return integer(Long.parseLong(digits));
    }
    BigInteger value = new BigInteger(digits);
    return value.bitLength() < Long.SIZE ? integer(value.longValue()) : NODES.numberNode(value);
  }

  private static JsonNode integer(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  private JsonNode decimal(String digits) throws MalformedJson {
    try {
      BigDecimal value = new BigDecimal(digits);
      BigDecimal shortest = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      if (Math.abs((long) shortest.scale()) <= MAX_SCALE) {
        return NODES.numberNode(shortest);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // An exponent beyond what is counted in.
    }
    throw malformed("a number of too many digits");
  }
}
