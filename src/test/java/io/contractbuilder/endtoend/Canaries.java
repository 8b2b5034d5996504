package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Secrets that are looked for everywhere, in each form that they take. */
final class Canaries {
  /** Variables in which the program is given a secret; no other holds one. */
  private static final Pattern GIVEN =
      Pattern.compile("(?<=^|\\x00)(EVENT|AWS_SECRET_ACCESS_KEY)=[^\\x00]*");

  private final Map<String, String> forms = new TreeMap<>();

  /** Adds a secret: as it is, and in base64 alone. */
  void add(String name, String value) {
    forms.put(name, value);
    forms.put(name + " in base64", base64(value));
  }

  /** Adds credentials: also as basic authentication sends them. */
  void add(String name, String user, String value) {
    add(name, value);
    forms.put(name + " with its user", base64(user + ":" + value));
  }

  private static String base64(String value) {
    String coded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    return coded.replace("=", "");
  }

  /** The canaries in some text, by name. */
  List<String> in(String text) {
    return forms.entrySet().stream()
        .filter(form -> text.contains(form.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  List<String> in(byte[] bytes) throws IOException {
    var found = new ArrayList<>(in(new String(bytes, StandardCharsets.ISO_8859_1)));
    if (bytes.length > 2 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b) {
      try (var plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        found.addAll(in(new String(plain.readAllBytes(), StandardCharsets.ISO_8859_1)));
      }
    }
    return found;
  }

  /** Where canaries are below a folder, but for what is allowed there. */
  List<String> below(Path folder, Predicate<String> allowed) throws IOException {
    var found = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!allowed.test(name) && Files.size(file) < (64 << 20)) {
          in(Files.readAllBytes(file)).forEach(canary -> found.add(canary + " in " + name));
        }
      }
    }
    return found;
  }

  /** Looks at processes as long as it is open. */
  Watch watch(List<Process> roots) {
    return new Watch(roots);
  }

  /** Reads command lines and environments of processes and all that they start. */
  final class Watch implements AutoCloseable {
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final Queue<Long> seen = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean open = true;

    private Watch(List<Process> roots) {
      thread = Thread.ofPlatform().daemon().start(() -> look(roots));
    }

    private void look(List<Process> roots) {
      while (open) {
        for (Process root : roots) {
          Stream.concat(Stream.of(root.toHandle()), root.descendants())
              .forEach(process -> look(process.pid()));
        }
      }
    }

    private void look(long pid) {
      for (String file : List.of("cmdline", "environ")) {
        try {
          byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
          String text =
              GIVEN.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).replaceAll("");
          if (!seen.contains(pid)) {
            seen.add(pid);
          }
          in(text).forEach(canary -> found.add(canary + " in /proc/" + pid + "/" + file));
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    }

    /** How many processes were looked at. */
    int processes() {
      return seen.size();
    }

    void assertNothingFound() {
      assertThat(found.stream().distinct()).isEmpty();
    }

    @Override
    public void close() {
      open = false;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
