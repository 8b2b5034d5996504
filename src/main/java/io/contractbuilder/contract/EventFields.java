package io.contractbuilder.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An object's fields with the violations that reading them found. An absent field is null. */
final class EventFields {
  private static final int MAX_QUOTED = 60;
  private static final int MAX_VIOLATIONS = 1000;

  /** What would disturb a terminal or a log: control and format characters, half characters. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private final ObjectNode event;
  private final String path;
  private final List<Violation> violations;

  EventFields(ObjectNode event) {
    this(event, "$", new ArrayList<>());
  }

  private EventFields(ObjectNode event, String path, List<Violation> violations) {
    this.event = event;
    this.path = path;
    this.violations = violations;
  }

  /** The fields of an object that has to be there; its violations come to these. */
  @Nullable EventFields requiredObject(String field) {
    JsonNode node = event.get(field);
    if (node instanceof ObjectNode object) {
      return new EventFields(object, path(field), violations);
    }
    violate(path(field), node == null ? "nothing" : type(node), "an object");
    return null;
  }

  /** The JSON path of a field. */
  private String path(String field) {
    return path + "." + field;
  }

  /** All of them; of very many the first ones only, and a word about the others. */
  List<Violation> violations() {
    return violations;
  }

  void violate(String path, String found, String allowed) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(new Violation(path, found, allowed));
    } else if (violations.size() == MAX_VIOLATIONS) {
      violations.add(new Violation("$", "more mistakes than these", "none"));
    }
  }

  boolean has(String field) {
    return event.hasNonNull(field);
  }

  /** A text; null where there is none, or where it is none (a violation). */
  @Nullable String text(String field) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    return text(path(field), node, "a string");
  }

  private @Nullable String text(String path, JsonNode node, String allowed) {
    if (!node.isTextual()) {
      violate(path, type(node), allowed);
      return null;
    }
    // JSON can escape half of a character, which no encoding can carry (RFC 8259, section 8.2).
    if (node.textValue().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      violate(path, "half of a character (a surrogate without its other)", "whole characters");
      return null;
    }
    return node.textValue();
  }

  /** A text that has to be there. */
  @Nullable String requiredText(String field, String allowed) {
    if (!has(field)) {
      violate(path(field), "nothing", allowed);
      return null;
    }
    return text(field);
  }

  /** A text that may be absent, but is nothing else than {@code only}. */
  void constant(String field, String only) {
    String text = text(field);
    if (text != null && !text.equals(only)) {
      violate(path(field), quoted(text), quoted(only));
    }
  }

  /** A text as a value whose type says by an {@link IllegalArgumentException} what it allows. */
  <T> @Nullable T value(String field, Function<String, T> reader) {
    String text = text(field);
    return text == null ? null : value(path(field), text, reader);
  }

  /** The same for a field that has to be there. */
  <T> @Nullable T requiredValue(String field, String allowed, Function<String, T> reader) {
    String text = requiredText(field, allowed);
    return text == null ? null : value(path(field), text, reader);
  }

  <T> @Nullable T value(String path, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      violate(path, quoted(text), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A whole number; null where there is none. */
  @Nullable Integer integer(String field, String allowed) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      violate(
          path(field),
          node.isNumber() ? shortened(node.numberValue().toString()) : type(node),
          allowed);
      return null;
    }
    return node.intValue();
  }

  boolean flag(String field) {
    JsonNode node = event.get(field);
    if (node != null && !node.isNull() && !node.isBoolean()) {
      violate(path(field), type(node), "true, false or null");
    }
    return node != null && node.booleanValue();
  }

  /** An array's texts as values, but for those that are none (violations); null if no array. */
  <T> @Nullable List<T> values(String field, Function<String, T> reader) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      violate(path(field), type(node), "an array of strings, or null");
      return null;
    }
    var values = new ArrayList<T>();
    for (int i = 0; i < node.size(); i++) {
      String path = path(field) + "[" + i + "]";
      String text = text(path, node.get(i), "a string");
      T value = text == null ? null : value(path, text, reader);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** One entry of an object. */
  interface EntryReader {
    void read(String path, String name, @Nullable String value);
  }

  /** Reads an object's entries, texts and, where they are allowed, nulls. */
  void entries(String field, boolean nullAllowed, EntryReader reader) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return;
    }
    if (!node.isObject()) {
      violate(path(field), type(node), "an object whose values are strings, or null");
      return;
    }
    for (var entry : node.properties()) {
      String path = member(path(field), entry.getKey());
      String text = null;
      if (!entry.getValue().isNull() || !nullAllowed) {
        String allowed = nullAllowed ? "a string, or null to take it away" : "a string";
        text = text(path, entry.getValue(), allowed);
        if (text == null) {
          continue;
        }
      }
      reader.read(path, entry.getKey(), text);
    }
  }

  /** The path of an object's entry (RFC 9535); names that need no quoting stay readable. */
  private static String member(String path, String name) {
    return PLAIN_NAME.matcher(name).matches()
        ? path + "." + shortened(name)
        : path + "['" + shortened(name).replace("\\", "\\\\").replace("'", "\\'") + "']";
  }

  /** A text in quotes, shortened, without control characters. */
  static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  static String shortened(String text) {
    String plain = UNPRINTABLE.matcher(text).replaceAll("?");
    return plain.codePointCount(0, plain.length()) <= MAX_QUOTED
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, MAX_QUOTED)) + "…";
  }

  private static String type(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case BINARY, MISSING, POJO -> "nothing";
    };
  }
}
