package io.contractbuilder.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads one JSON text (RFC 8259) into a tree. The library's parser reads as strictly, but takes a
 * tenth of a short process to load: it makes numbers of any size before it has seen one.
 */
final class JsonReader {
  /** A tree takes much more memory than its text: about 100 bytes for each of these. */
  private static final int MAX_TOKENS = 100_000;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 1000;
  private static final int MAX_SCALE = 9999;

  /** So many digits are surely within a {@code long}. */
  private static final int LONG_DIGITS = 18;

  private final String text;
  private final JsonNodeFactory nodes;
  private int at;
  private int depth;
  private int tokens;

  JsonReader(String text, JsonNodeFactory nodes) {
    this.text = text;
    this.nodes = nodes;
    // A byte order mark may be passed over (RFC 8259, 8.1).
    this.at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  /** The text's one value; a missing node if there is nothing but space. */
  JsonNode read() throws JsonParseException {
    skipSpace();
    if (at == text.length()) {
      return nodes.missingNode();
    }
    JsonNode value = value();
    skipSpace();
    if (at < text.length()) {
      throw wrong("something after the value");
    }
    return value;
  }

  private JsonNode value() throws JsonParseException {
    count();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> nodes.textNode(string());
      case 't' -> literal("true", nodes.booleanNode(true));
      case 'f' -> literal("false", nodes.booleanNode(false));
      case 'n' -> literal("null", nodes.nullNode());
      default -> number();
    };
  }

  private ObjectNode object() throws JsonParseException {
    ObjectNode object = nodes.objectNode();
    enter();
    if (next('}')) {
      return object;
    }
    do {
      skipSpace();
      if (peek() != '"') {
        throw wrong("no name of a field");
      }
      count();
      String name = string();
      if (object.has(name)) {
        throw wrong("Duplicate field");
      }
      if (!next(':')) {
        throw wrong("no colon after a field's name");
      }
      skipSpace();
      object.set(name, value());
    } while (next(','));
    leave('}');
    return object;
  }

  private ArrayNode array() throws JsonParseException {
    ArrayNode array = nodes.arrayNode();
    enter();
    if (next(']')) {
      return array;
    }
    do {
      skipSpace();
      array.add(value());
    } while (next(','));
    leave(']');
    return array;
  }

  private void enter() throws JsonParseException {
    at++;
    if (++depth > MAX_DEPTH) {
      throw wrong("more than " + MAX_DEPTH + " levels");
    }
    skipSpace();
    if (at < text.length() && (text.charAt(at) == '}' || text.charAt(at) == ']')) {
      depth--;
    }
  }

  private void leave(char end) throws JsonParseException {
    if (!next(end)) {
      throw wrong("neither a comma nor the end of what was begun");
    }
    count();
    depth--;
  }

  private void count() throws JsonParseException {
    if (++tokens > MAX_TOKENS) {
      throw wrong("more than " + MAX_TOKENS + " values");
    }
  }

  private JsonNode literal(String word, JsonNode value) throws JsonParseException {
    if (!text.startsWith(word, at)) {
      throw wrong("no value");
    }
    at += word.length();
    return value;
  }

  private String string() throws JsonParseException {
    int start = ++at;
    while (peek() >= ' ' && peek() != '"' && peek() != '\\') {
      at++;
    }
    if (peek() == '"') {
      return text.substring(start, at++);
    }
    StringBuilder built = new StringBuilder(text.substring(start, at));
    while (true) {
      char one = peek();
      if (one < ' ') {
        throw wrong("a control character in a text");
      }
      at++;
      if (one == '"') {
        return built.toString();
      }
      built.append(one == '\\' ? escaped() : one);
    }
  }

  private char escaped() throws JsonParseException {
    char one = peek();
    at++;
    return switch (one) {
      case '"', '\\', '/' -> one;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          char c = peek();
          int digit = c < 128 ? Character.digit(c, 16) : -1;
          if (digit < 0) {
            throw wrong("no four hexadecimal digits");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw wrong("an escape that there is not");
    };
  }

  private JsonNode number() throws JsonParseException {
    int start = at;
    skip('-');
    int first = at;
    int whole = digits();
    if (whole == 0 || (whole > 1 && text.charAt(first) == '0')) {
      throw wrong("no value");
    }
    boolean fraction = skip('.');
    if (fraction && digits() == 0) {
      throw wrong("no digits after a point");
    }
    boolean exponent = skip('e') || skip('E');
    if (exponent) {
      boolean signed = skip('+') || skip('-');
      if (digits() == 0) {
        throw wrong(signed ? "no digits after a sign" : "no digits of an exponent");
      }
    }
    String number = text.substring(start, at);
    if (number.length() > MAX_DIGITS) {
      throw wrong("a number of more than " + MAX_DIGITS + " digits");
    }
    if (fraction || exponent) {
      return decimal(number);
    }
    if (whole > LONG_DIGITS) {
      BigInteger big = new BigInteger(number);
      return big.bitLength() < Long.SIZE
          ? nodes.numberNode(big.longValue())
          : nodes.numberNode(big);
    }
    long value = Long.parseLong(number);
    return (int) value == value ? nodes.numberNode((int) value) : nodes.numberNode(value);
  }

  /** What has been read can be written: in plain digits, a short number may be endless. */
  private JsonNode decimal(String number) throws JsonParseException {
    try {
      BigDecimal value = new BigDecimal(number);
      BigDecimal shortest = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      if (Math.abs((long) shortest.scale()) <= MAX_SCALE) {
        return nodes.numberNode(shortest);
      }
    } catch (NumberFormatException e) {
      // Its exponent is beyond what can be.
    }
    throw wrong("a number of too many digits");
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  private boolean skip(char one) {
    boolean there = at < text.length() && text.charAt(at) == one;
    at += there ? 1 : 0;
    return there;
  }

  /** Passes over space, and over {@code one} if it is next. */
  private boolean next(char one) {
    skipSpace();
    return skip(one);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws JsonParseException {
    if (at >= text.length()) {
      throw wrong("an end before the value's");
    }
    return text.charAt(at);
  }

  private JsonParseException wrong(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      boolean end = text.charAt(i) == '\n';
      line += end ? 1 : 0;
      column = end ? 1 : column + 1;
    }
    return new JsonParseException(null, what, new JsonLocation(null, at, line, column));
  }
}
