package io.contractbuilder.endtoend;

import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.ChainStories.Story;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The entry script in a chain's place: all that every kind of task leaves behind.
 *
 * <p>Every story runs as root on disk, some as the chain's user, some on S3; every one on both as
 * both with {@code CONTRACT_BUILDER_VERIFY=long}. {@code -Dchain.seed} repeats a choice, {@code
 * -Dchain.story} tells one.
 */
@NeedsRoot
class ChainIT extends ChainTest {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));
  private static final int SAMPLE = 2;

  @ParameterizedTest(name = "{0} on {1} as {2}")
  @MethodSource("told")
  void leavesBehindWhatTheFormatsSay(Story story, Storage storage, User user) throws IOException {
    var contract = new ChainScenario(bench, storage, user, story.type());
    story.told().to(contract);
    contract.isAsIn(story.name());
  }

  /** A story, a storage and a user each. */
  static List<Object[]> told() {
    var told = new ArrayList<Object[]>();
    String only = System.getProperty("chain.story");
    List<Story> stories =
        ChainStories.ALL.stream()
            .filter(story -> only == null || only.contains(story.name()))
            .toList();
    stories.forEach(story -> told.add(new Object[] {story, Storage.DISK, User.ROOT}));
    var others = new ArrayList<>(stories);
    long seed = Long.getLong("chain.seed", System.nanoTime() % 100_000);
    System.out.println("ChainIT: -Dchain.seed=" + seed);
    var random = new Random(seed);
    Collections.shuffle(others, random);
    told.addAll(with(others, Storage.DISK, User.UID_1000));
    Collections.shuffle(others, random);
    told.addAll(with(others, Storage.S3, User.ROOT));
    if (LONG) {
      told.addAll(with(others, Storage.S3, User.UID_1000));
    }
    return told;
  }

  private static List<Object[]> with(List<Story> stories, Storage storage, User user) {
    return stories.stream()
        .limit(LONG ? stories.size() : SAMPLE)
        .map(story -> new Object[] {story, storage, user})
        .toList();
  }
}
