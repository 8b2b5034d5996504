package io.contractbuilder.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object's fields with the violations that reading them found. An absent field is null. */
final class EventFields {
  private static final int MAX_QUOTED = 60;
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

  List<Violation> violations() {
    return violations;
  }

  void violate(String path, String found, String allowed) {
    violations.add(new Violation(path, found, allowed));
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
    if (!node.isTextual()) {
      violate(path(field), type(node), "a string");
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

  /** The texts of an array; null where there is none. */
  @Nullable List<String> texts(String field) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      violate(path(field), type(node), "an array of strings, or null");
      return null;
    }
    var texts = new ArrayList<String>();
    for (int i = 0; i < node.size(); i++) {
      if (node.get(i).isTextual()) {
        texts.add(node.get(i).textValue());
      } else {
        violate(path(field) + "[" + i + "]", type(node.get(i)), "a string");
      }
    }
    return texts;
  }

  /** Calls {@code each} with name and value of an object's entries; null values only if allowed. */
  void entries(String field, boolean nullAllowed, BiConsumer<String, @Nullable String> each) {
    JsonNode node = event.get(field);
    if (node == null || node.isNull()) {
      return;
    }
    if (!node.isObject()) {
      violate(path(field), type(node), "an object whose values are strings, or null");
      return;
    }
    node.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              if (value.isTextual() || (value.isNull() && nullAllowed)) {
                each.accept(entry.getKey(), value.textValue());
              } else {
                violate(
                    path(field) + "." + shortened(entry.getKey()),
                    type(value),
                    nullAllowed ? "a string, or null to take it away" : "a string");
              }
            });
  }

  /** The place of a syntax error and its kind, without the text around it, which may be secret. */
  static String syntax(JsonProcessingException e) {
    String place =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    boolean twice =
        e.getOriginalMessage() != null && e.getOriginalMessage().startsWith("Duplicate");
    return (twice ? "a key that stands twice" : "text that is not JSON") + place;
  }

  /** A text in quotes, shortened, without control characters. */
  static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  static String shortened(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= MAX_QUOTED ? plain : plain.substring(0, MAX_QUOTED) + "…";
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
