package io.contractbuilder.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder {@code certs.d} with a folder per registry, as Docker and containerd read it: {@code
 * <host[:port]>}, or {@code <host>_<port>_}, and {@code _default} for what has none but is in a
 * {@code hosts.toml}. Each registry's is read once, when it is first spoken to.
 */
final class HostFolders {
  /** Holds for registries that have no folder. */
  static final String DEFAULT = "_default";

  private static final String DOCKER_HOST = "registry-1.docker.io";
  private final @Nullable Path root;
  private final Map<String, TlsFiles> tls = new ConcurrentHashMap<>();
  private final Map<String, HostsFile> files = new ConcurrentHashMap<>();

  /**
   * @param root null: there is none
   */
  HostFolders(@Nullable Path root) {
    this.root = root;
  }

  /** A registry's certificates, by its host with or without port. */
  TlsFiles tls(String host) {
    return tls.computeIfAbsent(
        host.startsWith(DOCKER_HOST) ? "docker.io" : host,
        named -> {
          // Not of "_default": a client's certificate would be shown to anyone.
          Path folder = folder(named, List.of());
          try {
            return folder == null ? TlsFiles.NONE : TlsFiles.in(folder);
          } catch (IOException e) {
            throw failed(folder, "it cannot be read", e);
          }
        });
  }

  /** What a registry's {@code hosts.toml} says of it. */
  HostsFile hosts(String host) {
    return files.computeIfAbsent(
        host,
        named -> {
          Path folder = folder(named, List.of(DEFAULT));
          Path file = folder == null ? null : folder.resolve("hosts.toml");
          return file == null || !Files.exists(file) ? HostsFile.NONE : HostsFile.read(file, named);
        });
  }

  private @Nullable Path folder(String host, List<String> others) {
    // A host is checked where it is read; still nothing may lead out of the folder.
    if (root == null || host.contains("/") || host.startsWith(".")) {
      return null;
    }
    int colon = host.endsWith("]") ? -1 : host.lastIndexOf(':');
    List<String> names = new ArrayList<>();
    if (colon > 0) {
      names.add(host.substring(0, colon) + "_" + host.substring(colon + 1) + "_");
    }
    names.add(host);
    names.addAll(others);
    for (String name : names) {
      Path folder = root.resolve(name);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return null;
  }

  static RegistryException failed(@Nullable Path file, String answer, @Nullable Throwable cause) {
    return new RegistryException(
        "certs.d", "reading " + file, 0, answer, "Mend the file, or remove it", false, cause);
  }
}
