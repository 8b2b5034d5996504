package io.contractbuilder.openfaas;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Cuts calls off that take too long in total: the client's own time-outs are for each read, so an
 * answer that trickles would never end.
 */
final class CallTimer implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().daemon().name("gateway timer").unstarted(task));

  CallTimer() {
    timer.setRemoveOnCancelPolicy(true);
  }

  /** A call as it is made. */
  interface Call {
    GatewayAnswer answer() throws IOException;
  }

  /** Makes a call; {@link InterruptedIOException} if it does not end within {@code limit}. */
  GatewayAnswer inTime(HttpUriRequestBase request, Duration limit, Call call) throws IOException {
    var late = new AtomicBoolean();
    Future<?> cut =
        timer.schedule(
            () -> {
              late.set(true);
              request.cancel();
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return call.answer();
    } catch (IOException | IllegalStateException e) {
      // The latter while it connects: the client misses the connection that was taken from it.
      if (!late.get()) {
        throw e;
      }
      var tooLong = new InterruptedIOException("the answer did not end in time");
      tooLong.initCause(e);
      throw tooLong;
    } finally {
      cut.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
