package io.contractbuilder.tracing;

import java.util.Map;

/** Whether there are to be traces; asked without loading anything of OpenTelemetry. */
public final class Tracing {
  private Tracing() {}

  /** Whether the environment names a collector and does not say that nothing is to be sent. */
  public static boolean isWanted(Map<String, String> environment) {
    return !is(environment, "OTEL_SDK_DISABLED", "true")
        && !is(environment, "OTEL_TRACES_EXPORTER", "none")
        && (!is(environment, "OTEL_EXPORTER_OTLP_ENDPOINT", "")
            || !is(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""));
  }

  private static boolean is(Map<String, String> environment, String name, String value) {
    return environment.getOrDefault(name, "").equalsIgnoreCase(value);
  }
}
