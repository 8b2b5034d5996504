package io.contractbuilder.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where tasks out of the chain's queue are done. */
public sealed interface LaunchSettings {

  /** In the processor's own process. */
  record InProcess() implements LaunchSettings {}

  /**
   * Each by a Job of its own.
   *
   * @param template a file: what the operator says of Jobs' pods
   * @param namespace where they run; null: where the processor runs
   * @param startLimit how long it may take until a pod's container runs
   * @param keep how long an ended Job stays, with its Secret
   */
  record Kubernetes(Path template, @Nullable String namespace, Duration startLimit, Duration keep)
      implements LaunchSettings {}
}
