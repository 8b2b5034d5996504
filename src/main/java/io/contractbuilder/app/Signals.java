package io.contractbuilder.app;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT told apart from the VM's end: a hook of it hears no second signal. By
 * reflection, as the compiler warns of {@code sun.misc} in a way that cannot be silenced; the
 * module is {@code jdk.unsupported}.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  /** The code of a process that SIGTERM ended. */
  private static final int TERMINATED = 143;

  private Signals() {}

  /** Calls {@code end} at the first signal, and ends the process at the second one. */
  static void onEnd(Runnable end) {
    var before = new AtomicBoolean();
    Runnable signalled =
        () -> {
          if (before.getAndSet(true)) {
            Runtime.getRuntime().halt(TERMINATED);
          }
          end.run();
        };
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                signalled.run();
                return null;
              });
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
      }
    } catch (ReflectiveOperationException e) {
      // The VM's own hook ends the processor at the first one nevertheless.
      LOG.warn("A second signal will not end it at once: {}", e.toString());
    }
  }
}
