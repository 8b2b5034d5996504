package io.contractbuilder.local.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Which process runs a container, so that the next platform can end it. */
public final class ProcessRecord {
  private static final String FILE = "process";

  private ProcessRecord() {}

  static void write(Path folder, ProcessHandle process) throws IOException {
    String start = process.info().startInstant().map(Instant::toString).orElse("");
    Files.writeString(folder.resolve(FILE), process.pid() + " " + start);
  }

  /** Ends the process of {@code folder} if it still is the same one. */
  public static void end(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return;
    }
    String[] parts = Files.readString(file).split(" ", 2);
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,9}")) {
      return;
    }
    Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(parts[0]));
    left.filter(p -> p.info().startInstant().map(Instant::toString).orElse("").equals(parts[1]))
        .ifPresent(
            p -> {
              p.descendants().forEach(ProcessHandle::destroyForcibly);
              p.destroyForcibly();
            });
  }
}
