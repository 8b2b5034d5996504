package io.contractbuilder.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A real part, of which every call that changes something is one of {@link Effects}. */
final class CountedPart {
  /** Any other call may change something. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "get",
          "list",
          "children",
          "resolve",
          "tagged",
          "tags",
          "untagged",
          "isReadableByAll",
          "exists",
          "reference",
          "info",
          "checkTakes",
          "secretNames",
          "function",
          "functions",
          "awaitReady",
          "schedules",
          "view");

  private CountedPart() {}

  static <T> T of(Class<T> port, T part, Effects effects) {
    Object counted =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) ->
                QUESTIONS.contains(method.getName())
                    ? effects.ask(() -> call(part, method, arguments))
                    : effects.find(
                        name(port, method, arguments), () -> call(part, method, arguments)));
    return port.cast(counted);
  }

  private static String name(Class<?> port, Method method, Object @Nullable [] arguments) {
    String on = arguments != null && arguments[0] instanceof String key ? " " + key : "";
    return port.getSimpleName() + "." + method.getName() + on;
  }

  private static @Nullable Object call(Object part, Method method, Object @Nullable [] arguments) {
    try {
      return method.invoke(part, arguments);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error killed -> throw killed;
        case null, default -> throw new AssertionError(method + " failed", e);
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(method + " is not public", e);
    }
  }
}
