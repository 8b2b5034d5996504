package io.contractbuilder.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Ports of this machine's loopback, at the same numbers on a node whose pods really run. */
public final class Relay implements AutoCloseable {
  private final Process process;

  public Relay(int... ports) throws IOException {
    var command = new ArrayList<>(Node.inside("-n"));
    command.addAll(List.of("python3", "parts/kubernetes/lib/fwd.py"));
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.addAll(
        IntStream.of(ports)
            .mapToObj(port -> Node.ADDRESS + ":" + port + "=127.0.0.1:" + port)
            .collect(Collectors.toList()));
    process = new ProcessBuilder(command).inheritIO().start();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
