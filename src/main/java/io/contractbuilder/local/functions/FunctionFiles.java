package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** What is deployed, one file for each function, and the logs. */
public final class FunctionFiles {
  private static final long LOG_BYTES = 1 << 20;
  private final Path functions;
  private final Path logs;
  private final InstantSource clock;

  public FunctionFiles(Path functions, Path logs, InstantSource clock) {
    this.functions = functions;
    this.logs = logs;
    this.clock = clock;
  }

  FunctionLog log(String name) throws IOException {
    return new FunctionLog(name, logs, LOG_BYTES, clock);
  }

  void write(String name, JsonNode function) throws IOException {
    Path fresh = functions.resolve("." + name + ".new");
    Files.write(fresh, Json.write(function));
    Files.move(fresh, functions.resolve(name + ".json"), StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(functions.resolve(name + ".json"));
  }

  Map<String, JsonNode> read() throws IOException {
    Map<String, JsonNode> all = new HashMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(functions, "*.json")) {
      for (Path file : found) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(".")) {
          all.put(name.substring(0, name.length() - 5), Json.read(Files.readAllBytes(file)));
        }
      }
    }
    return all;
  }
}
