package io.contractbuilder.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What TLS to one registry needs besides what Java trusts.
 *
 * @param authorities PEM files of CAs, trusted besides Java's own
 * @param clients certificates that we show, where the registry asks for one
 * @param unchecked whether neither the server's certificate nor its name is looked at
 */
record TlsFiles(List<Path> authorities, List<ClientPair> clients, boolean unchecked) {
  static final TlsFiles NONE = new TlsFiles(List.of(), List.of(), false);

  /** Whether it is {@link #NONE}; a record's own comparison is made at run time, and costs more. */
  boolean isNone() {
    return authorities.isEmpty() && clients.isEmpty() && !unchecked;
  }

  // Made at run time as a record's, it would take some milliseconds of a short process.
  @Override
  public int hashCode() {
    return authorities.hashCode();
  }

  /** PEM files of a certificate with its chain, and of its key; both may be one. */
  record ClientPair(Path certificate, Path key) {}

  /**
   * As Docker and containerd read a registry's folder: each {@code *.crt} is a CA, each {@code
   * *.cert} a client's certificate with its key in {@code *.key} beside it.
   */
  static TlsFiles in(Path folder) throws IOException {
    List<Path> authorities = new ArrayList<>();
    List<ClientPair> clients = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".crt")) {
          authorities.add(file);
        } else if (name.endsWith(".cert")) {
          Path key = folder.resolve(name.substring(0, name.length() - ".cert".length()) + ".key");
          clients.add(new ClientPair(file, Files.exists(key) ? key : file));
        }
      }
    }
    return new TlsFiles(List.copyOf(authorities), List.copyOf(clients), false);
  }
}
