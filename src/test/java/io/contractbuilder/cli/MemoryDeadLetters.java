package io.contractbuilder.cli;

import io.contractbuilder.queue.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dead letters, in memory. */
final class MemoryDeadLetters implements DeadLetters {
  final List<Long> retried = new ArrayList<>();
  private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();

  void add(long number, String event) {
    letters.put(
        number,
        new DeadLetter(
            number,
            "",
            "create",
            "no such image",
            Instant.EPOCH,
            Instant.EPOCH,
            1,
            event.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public List<DeadLetter> all() {
    return List.copyOf(letters.values());
  }

  @Override
  public @Nullable DeadLetter find(long number) {
    return letters.get(number);
  }

  @Override
  public boolean retry(long number) {
    retried.add(number);
    return drop(number);
  }

  @Override
  public boolean drop(long number) {
    return letters.remove(number) != null;
  }
}
