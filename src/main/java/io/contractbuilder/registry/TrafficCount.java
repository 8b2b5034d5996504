package io.contractbuilder.registry;

import io.contractbuilder.image.BuiltImage.Traffic;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one copy costs; counted by several threads. */
final class TrafficCount {
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong present = new AtomicLong();

  void request() {
    requests.incrementAndGet();
  }

  void copied(long bytes) {
    copied.addAndGet(bytes);
  }

  void present(long bytes) {
    present.addAndGet(bytes);
  }

  Traffic traffic() {
    return new Traffic(requests.get(), copied.get(), present.get());
  }
}
