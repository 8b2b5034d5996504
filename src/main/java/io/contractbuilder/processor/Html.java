package io.contractbuilder.processor;

/**
 * Markup that is safe to show: text gets into it through {@link #text} alone.
 *
 * @param markup with all that is text escaped
 */
record Html(String markup) {
  private static final int LONGEST = 4000;

  /** A text that anybody may have written: it is shown, and does nothing. */
  static Html text(String text) {
    var markup = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(point -> append(markup, point));
    return new Html(markup.toString());
  }

  private static void append(StringBuilder markup, int point) {
    switch (point) {
      case '&' -> markup.append("&amp;");
      case '<' -> markup.append("&lt;");
      case '>' -> markup.append("&gt;");
      case '"' -> markup.append("&quot;");
      case '\'' -> markup.append("&#39;");
      case '\n', '\t' -> markup.append(' ');
      default -> markup.appendCodePoint(isShown(point) ? point : '\uFFFD');
    }
  }

  /** What has no form of its own could turn round or hide what stands beside it. */
  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /**
   * An element.
   *
   * @param open its tag with attributes, written in this program
   */
  static Html element(String open, Html... content) {
    var markup = new StringBuilder("<").append(open).append('>');
    for (Html part : content) {
      markup.append(part.markup);
    }
    int space = open.indexOf(' ');
    return new Html(
        markup
            .append("</")
            .append(space < 0 ? open : open.substring(0, space))
            .append('>')
            .toString());
  }

  /** An element with a text. */
  static Html element(String open, String text) {
    return element(open, text(text));
  }

  /** One after another. */
  static Html all(Iterable<Html> parts) {
    var markup = new StringBuilder();
    parts.forEach(part -> markup.append(part.markup));
    return new Html(markup.toString());
  }
}
