package io.contractbuilder.registry;

import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An upload session that is begun while the image is still being read. */
final class EarlySession {
  private final Consumer<Thread> abort;
  private final Thread worker;
  private volatile @Nullable URI session;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param begin asks for the session
   * @param abort cuts off what a thread waits for
   */
  EarlySession(Supplier<URI> begin, Consumer<Thread> abort) {
    this.abort = abort;
    this.worker =
        Thread.ofPlatform()
            .daemon()
            .name("early-session")
            .start(
                () -> {
                  try {
                    session = begin.get();
                  } catch (RuntimeException e) {
                    failure = e;
                  }
                });
  }

  /**
   * Waits for the session.
   *
   * @return null if this thread was interrupted: it remains so
   * @throws RegistryException if it could not be begun
   */
  @Nullable URI take() {
    try {
      worker.join();
    } catch (InterruptedException e) {
      cut();
      Thread.currentThread().interrupt();
      return null;
    }
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return session;
  }

  /** Ends what is not needed; the session, if there is one already. */
  @Nullable URI cut() {
    worker.interrupt();
    abort.accept(worker);
    return session;
  }
}
