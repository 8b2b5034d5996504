package io.contractbuilder.processor;

import java.time.Duration;

/** How long something took, in the buckets of Prometheus' text format. */
final class Histogram {
  /** Upper bounds in seconds, as Prometheus writes them. */
  private static final String[] BOUNDS = {
    "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60", "300", "600"
  };

  private final long[] counts = new long[BOUNDS.length];
  private long count;
  private long nanos;

  synchronized void add(Duration took) {
    double seconds = took.toNanos() / 1e9;
    for (int i = 0; i < BOUNDS.length; i++) {
      if (seconds <= Double.parseDouble(BOUNDS[i])) {
        counts[i]++;
      }
    }
    count++;
    nanos += took.toNanos();
  }

  /**
   * Its lines.
   *
   * @param labels {@code name="value"}, with commas
   */
  synchronized void write(StringBuilder text, String name, String labels) {
    for (int i = 0; i < BOUNDS.length; i++) {
      line(text, name + "_bucket", labels + ",le=\"" + BOUNDS[i] + '"', Long.toString(counts[i]));
    }
    line(text, name + "_bucket", labels + ",le=\"+Inf\"", Long.toString(count));
    line(text, name + "_sum", labels, Double.toString(nanos / 1e9));
    line(text, name + "_count", labels, Long.toString(count));
  }

  /** One sample. */
  static void line(StringBuilder text, String name, String labels, String value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }
}
