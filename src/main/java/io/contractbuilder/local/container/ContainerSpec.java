package io.contractbuilder.local.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A container to be started.
 *
 * @param id unique on this platform: letters, digits, {@code -}
 * @param root an unpacked image that several containers share; the container gets a view of its own
 *     and never writes to it
 * @param command with its arguments
 * @param environment the whole of it
 * @param workingDirectory absolute, in the container
 * @param user numeric
 * @param group numeric
 * @param secrets file name in {@code /var/openfaas/secrets} to the file that holds it
 * @param socketFolder a folder of the host that stands at {@code /run/contract-builder} in the
 *     container, writable for it
 * @param memoryBytes 0: no limit
 * @param cpus 0: no limit
 * @param hostNetwork whether it shares the host's network; else it has a loopback of its own only
 * @param output takes each line that it writes to standard output or error; called from one thread
 */
public record ContainerSpec(
    String id,
    Path root,
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    int user,
    int group,
    Map<String, Path> secrets,
    Path socketFolder,
    long memoryBytes,
    double cpus,
    boolean hostNetwork,
    Consumer<String> output) {
  /** Where {@link #socketFolder} stands in the container. */
  public static final String SOCKET_FOLDER = "/run/contract-builder";
}
