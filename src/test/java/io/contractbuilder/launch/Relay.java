package io.contractbuilder.launch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Ports of this machine's loopback, at the same numbers on a node whose pods really run. */
final class Relay implements AutoCloseable {
  /** The node's, as pods reach it. */
  static final String ADDRESS = "10.255.0.1";

  private final Process process;

  Relay(int... ports) throws IOException {
    var command = new ArrayList<>(inNode("-n"));
    command.addAll(List.of("python3", "parts/kubernetes/lib/fwd.py"));
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.addAll(
        IntStream.of(ports)
            .mapToObj(port -> ADDRESS + ":" + port + "=127.0.0.1:" + port)
            .collect(Collectors.toList()));
    process = new ProcessBuilder(command).inheritIO().start();
  }

  /** What pods name the node's registry by is no address of this machine. */
  static String registry() {
    String registry = System.getenv().getOrDefault("PARTS_KUBERNETES_REGISTRY", "");
    assumeTrue(!registry.isEmpty(), "no node: ./verify --kubernetes runs one, as root");
    return registry;
  }

  static Path state() {
    return Path.of(System.getenv().getOrDefault("PARTS_KUBERNETES_STATE", ""));
  }

  /** The beginning of a command that runs in these namespaces of the node. */
  static List<String> inNode(String namespaces) throws IOException {
    String pid = Files.readString(state().resolve("pids/inner")).split(" ", 2)[0];
    return List.of("nsenter", "-t", pid, namespaces);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
