package io.contractbuilder.local.sandbox;

import io.contractbuilder.local.rootfs.UnpackedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to run. The folder has {@code door} (the function's socket) and {@code secrets} in it, and
 * is the container's own.
 *
 * @param instance names the container; letters and digits
 * @param folder ours alone, with a short path: a socket's address holds 107 bytes
 * @param environment the whole of it
 * @param memory bytes at most; 0 for no limit
 * @param cpuMillis thousandths of a CPU at most; 0 for no limit
 */
public record ContainerSpec(
    String instance,
    Path folder,
    UnpackedImage image,
    Map<String, String> environment,
    String hostname,
    long memory,
    long cpuMillis,
    boolean readOnlyRoot,
    boolean hostNetwork) {
  /** Where the folder with the socket is in the container. */
  public static final String DOOR = "/var/openfaas/door";

  /** Where the secrets are in the container. */
  static final String SECRETS = "/var/openfaas/secrets";

  List<String> variables() {
    return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
