package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function wrote: lines of JSON in {@code <name>.log}, those before in {@code <name>.log.1},
 * together at most twice the size limit.
 */
public final class FunctionLog {
  private static final int LONGEST_TEXT = 16 << 10;
  private final String name;
  private final Path file;
  private final Path former;
  private final long mostBytes;
  private final InstantSource clock;
  private long size;
  private long written;
  private boolean removed;

  FunctionLog(String name, Path folder, long mostBytes, InstantSource clock) throws IOException {
    this.name = name;
    this.file = folder.resolve(name + ".log");
    this.former = folder.resolve(name + ".log.1");
    this.mostBytes = mostBytes;
    this.clock = clock;
    this.size = Files.exists(file) ? Files.size(file) : 0;
  }

  /** Adds a line; what is longer than 16 KiB is cut. */
  public synchronized void add(String instance, String text) {
    if (removed) {
      return;
    }
    ObjectNode line = Json.object();
    line.put("name", name).put("namespace", FunctionDeployment.NAMESPACE);
    line.put("instance", instance);
    line.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MICROS).toString());
    line.put("text", text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text);
    byte[] bytes = (Json.text(line) + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      if (size > 0 && size + bytes.length > mostBytes) {
        Files.move(file, former, StandardCopyOption.REPLACE_EXISTING);
        size = 0;
      }
      Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    size += bytes.length;
    written++;
    notifyAll();
  }

  /**
   * The last lines, oldest first.
   *
   * @param tail at most so many; negative for all
   * @param since none before; null for all
   */
  public synchronized List<String> lines(int tail, @Nullable Instant since) throws IOException {
    List<String> all = new ArrayList<>(read(former));
    all.addAll(read(file));
    List<String> wanted = since == null ? all : all.stream().filter(l -> after(l, since)).toList();
    int from = tail < 0 ? 0 : Math.max(0, wanted.size() - tail);
    return List.copyOf(wanted.subList(from, wanted.size()));
  }

  /** The texts of the last lines of one instance. */
  synchronized List<String> texts(String instance, int tail) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : lines(-1, null)) {
      JsonNode node = Json.read(line.getBytes(StandardCharsets.US_ASCII));
      if (node.path("instance").asText().equals(instance)) {
        texts.add(node.path("text").asText());
      }
    }
    return texts.subList(Math.max(0, texts.size() - tail), texts.size());
  }

  /** How many lines were added since this log was opened. */
  public synchronized long written() {
    return written;
  }

  /**
   * Waits for a line after the first {@code seen}; at most so many milliseconds.
   *
   * @return false once the log is gone
   */
  public synchronized boolean awaitMore(long seen, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (written == seen && !removed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return !removed;
  }

  synchronized void remove() throws IOException {
    removed = true;
    notifyAll();
    Files.deleteIfExists(file);
    Files.deleteIfExists(former);
  }

  private static List<String> read(Path file) throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static boolean after(String line, Instant since) {
    try {
      JsonNode node = Json.read(line.getBytes(StandardCharsets.US_ASCII));
      return !Instant.parse(node.path("timestamp").asText()).isBefore(since);
    } catch (IOException e) {
      // The last line of a platform that was killed may be half.
      return false;
    }
  }
}
