package io.contractbuilder.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters names in lower case; the first of each counts
 */
record Challenge(String scheme, Map<String, String> parameters) {

  private static final int MAX = 16;

  /** Reads the first of all such headers; what is malformed ends the value it stands in. */
  static List<Challenge> parse(List<String> headers) {
    List<Challenge> all = new ArrayList<>();
    for (String header : headers) {
      new Parser(header).parse(all);
    }
    return all;
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    void parse(List<Challenge> into) {
      while (true) {
        skip(" \t,");
        String scheme = token();
        if (scheme.isEmpty() || into.size() == MAX) {
          return;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        into.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters));
        if (!parameters(parameters)) {
          return;
        }
      }
    }

    /** Reads parameters until the next scheme; false at the end or at something malformed. */
    private boolean parameters(Map<String, String> parameters) {
      while (true) {
        skip(" \t,");
        int before = at;
        String name = token();
        if (name.isEmpty()) {
          return false;
        }
        int afterName = at;
        skip(" \t");
        if (at >= text.length() || text.charAt(at) != '=') {
          // A token without a value: the next scheme, or a token68 where it is a scheme's only one.
          at = afterName;
          boolean ends = at >= text.length() || text.charAt(at) == ',';
          if (ends && parameters.isEmpty() && !precededByComma(before)) {
            continue;
          }
          at = before;
          return true;
        }
        at++;
        skip(" \t");
        if (at >= text.length() || text.charAt(at) == '=' || text.charAt(at) == ',') {
          skip("="); // the padding of a token68
          continue;
        }
        String value = text.charAt(at) == '"' ? quoted() : token();
        parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
      }
    }

    private boolean precededByComma(int position) {
      int last = position - 1;
      while (last >= 0 && " \t".indexOf(text.charAt(last)) >= 0) {
        last--;
      }
      return last >= 0 && text.charAt(last) == ',';
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at = Math.min(at + 1, text.length());
      return value.toString();
    }

    private String token() {
      int from = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
