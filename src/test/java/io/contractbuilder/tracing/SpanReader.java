package io.contractbuilder.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads an OTLP request in protobuf, as opentelemetry/proto/collector/trace/v1/trace_service.proto
 * and trace/v1/trace.proto have it.
 */
record SpanReader(String trace, String id, String parent, String name, String text) {

  /** The request's spans. */
  static List<SpanReader> spans(byte[] request) {
    var spans = new ArrayList<SpanReader>();
    for (byte[] resource : fields(request, 1)) {
      for (byte[] scope : fields(resource, 2)) {
        for (byte[] span : fields(scope, 2)) {
          spans.add(
              new SpanReader(
                  hex(span, 1),
                  hex(span, 2),
                  hex(span, 4),
                  new String(fields(span, 5).getFirst(), UTF_8),
                  new String(span, ISO_8859_1)));
        }
      }
    }
    return spans;
  }

  private static String hex(byte[] message, int number) {
    List<byte[]> values = fields(message, number);
    return values.isEmpty() ? "" : HexFormat.of().formatHex(values.getFirst());
  }

  /** The fields of that number which are messages, texts or bytes. */
  private static List<byte[]> fields(byte[] message, int number) {
    var found = new ArrayList<byte[]>();
    var rest = ByteBuffer.wrap(message);
    while (rest.hasRemaining()) {
      long tag = varint(rest);
      switch ((int) (tag & 7)) {
        case 0 -> varint(rest);
        case 1 -> rest.getLong();
        case 5 -> rest.getInt();
        default -> {
          var value = new byte[(int) varint(rest)];
          rest.get(value);
          if (tag >> 3 == number) {
            found.add(value);
          }
        }
      }
    }
    return found;
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = from.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
