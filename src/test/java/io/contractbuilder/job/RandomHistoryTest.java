package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random creates, updates and deletes of several contracts, killed and troubled anywhere, end as a
 * model says. {@code -Dhistory.seed} is where they begin; {@code CONTRACT_BUILDER_VERIFY=long}
 * tries many.
 */
class RandomHistoryTest {
  private static final int TRIES =
      "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 20_000 : 2_000;

  @Test
  void whateverHappensTheContractsAreWhatTheModelSays() {
    long first = Long.getLong("history.seed", System.nanoTime() % 1_000_000_000);
    System.out.println("RandomHistoryTest: histories from -Dhistory.seed=" + first);
    for (long seed = first; seed < first + TRIES; seed++) {
      List<Deed> history = new Histories(seed).history();
      Throwable failure = failure(history);
      if (failure != null) {
        List<Deed> small = smaller(history);
        throw new AssertionError(
            "-Dhistory.seed=" + seed + ", shrunk to\n  " + told(small), failure(small));
      }
    }
  }

  @Test
  void aFailureIsShrunkToWhatItTakes() {
    // A model of which an update is no part.
    List<Deed> history = new ArrayList<>();
    for (long seed = 0; history.stream().noneMatch(RandomHistoryTest::isUpdate); seed++) {
      history = new Histories(seed).history();
    }
    assertThat(smaller(history, h -> h.stream().anyMatch(RandomHistoryTest::isUpdate)))
        .singleElement()
        .matches(RandomHistoryTest::isUpdate)
        .matches(deed -> deed.disturbances().isEmpty());
  }

  private static boolean isUpdate(Deed deed) {
    return deed.task().action().equals("update");
  }

  private static @Nullable Throwable failure(List<Deed> history) {
    try {
      HistoryRun.of(history);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e;
    }
  }

  private static List<Deed> smaller(List<Deed> history) {
    return smaller(history, h -> failure(h) != null);
  }

  /** Takes away deeds and disturbances as long as it still fails. */
  private static List<Deed> smaller(
      List<Deed> history, java.util.function.Predicate<List<Deed>> fails) {
    List<Deed> best = history;
    boolean shrunk = true;
    while (shrunk) {
      shrunk = false;
      for (List<Deed> smaller : oneLess(best)) {
        if (fails.test(smaller)) {
          best = smaller;
          shrunk = true;
          break;
        }
      }
    }
    return best;
  }

  private static List<List<Deed>> oneLess(List<Deed> history) {
    var all = new ArrayList<List<Deed>>();
    for (int i = 0; i < history.size(); i++) {
      all.add(with(history, i, null));
    }
    for (int i = 0; i < history.size(); i++) {
      Deed deed = history.get(i);
      for (int j = 0; j < deed.disturbances().size(); j++) {
        var fewer = new ArrayList<>(deed.disturbances());
        fewer.remove(j);
        all.add(with(history, i, new Deed(deed.task(), deed.announced(), fewer, deed.finished())));
      }
      if (deed.finished() && !deed.disturbances().isEmpty()) {
        all.add(
            with(history, i, new Deed(deed.task(), deed.announced(), deed.disturbances(), false)));
      }
      if (deed.announced()) {
        all.add(
            with(history, i, new Deed(deed.task(), false, deed.disturbances(), deed.finished())));
      }
    }
    return all;
  }

  private static List<Deed> with(List<Deed> history, int at, @Nullable Deed deed) {
    var changed = new ArrayList<>(history);
    if (deed == null) {
      changed.remove(at);
    } else {
      changed.set(at, deed);
    }
    return changed;
  }

  private static String told(List<Deed> history) {
    return String.join("\n  ", history.stream().map(Deed::toString).toList());
  }
}
