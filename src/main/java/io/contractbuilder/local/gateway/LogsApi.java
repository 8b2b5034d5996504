package io.contractbuilder.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.local.functions.FunctionLog;
import io.contractbuilder.local.functions.Functions;
import io.contractbuilder.local.functions.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /system/logs}: lines of JSON, to the end or as they come. */
final class LogsApi {
  // Who follows holds a thread of the gateway's.
  private static final int MOST_FOLLOWERS = 16;
  private static final long LOOK_MILLIS = 1000;
  private final Functions functions;
  private final BooleanSupplier closing;
  private final Semaphore followers = new Semaphore(MOST_FOLLOWERS);

  LogsApi(Functions functions, BooleanSupplier closing) {
    this.functions = functions;
    this.closing = closing;
  }

  void logs(HttpExchange exchange) throws IOException, Refused, InterruptedException {
    Instant since = since(Query.value(exchange, "since"));
    int tail = tail(Query.value(exchange, "tail"));
    boolean follow = List.of("true", "1").contains(Query.value(exchange, "follow"));
    FunctionLog log = functions.log(Query.value(exchange, "name"));
    if (log == null) {
      Answers.empty(exchange, 200);
      return;
    }
    if (follow && !followers.tryAcquire()) {
      throw new Refused(429, "too many callers follow logs");
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        long seen = log.written();
        write(out, log.lines(tail, since));
        if (follow) {
          follow(log, seen, out);
        }
      }
    } finally {
      if (follow) {
        followers.release();
      }
    }
  }

  private void follow(FunctionLog log, long from, OutputStream out)
      throws IOException, InterruptedException {
    out.flush();
    long seen = from;
    while (!closing.getAsBoolean() && log.awaitMore(seen, LOOK_MILLIS)) {
      long now = log.written();
      if (now > seen) {
        write(out, log.lines((int) Math.min(1000, now - seen), null));
        out.flush();
        seen = now;
      }
    }
  }

  private static void write(OutputStream out, List<String> lines) throws IOException {
    for (String line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static int tail(String text) throws Refused {
    if (text.isEmpty()) {
      return -1;
    }
    if (!text.matches("-?[0-9]{1,9}")) {
      throw unknown();
    }
    return Integer.parseInt(text);
  }

  private static @Nullable Instant since(String text) throws Refused {
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw unknown();
    }
  }

  private static Refused unknown() {
    return new Refused(500, "unknown log request error (422)");
  }
}
