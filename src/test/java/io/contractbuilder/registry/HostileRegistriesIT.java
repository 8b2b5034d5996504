package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.registry.HostileProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program as it is started, once against each thing that a registry may do: it ends in time,
 * with less than 128 MB at its peak, says who is at fault and no secret, and tags nothing. Those
 * that only wait are started first.
 */
class HostileRegistriesIT {
  private static final boolean LONG = "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY"));

  /** As many start, or work, at once. */
  private static final Semaphore BUSY = new Semaphore(2);

  private static final ExecutorService THREADS = Executors.newCachedThreadPool();
  private static final Map<HostileCase, CompletableFuture<Result>> RUNS =
      new EnumMap<>(HostileCase.class);

  @TempDir private static Path folder;

  /**
   * @param named the host at fault
   * @param tagged what the target has
   */
  private record Result(Ended ended, String named, List<String> tagged) {}

  static Stream<HostileCase> cases() {
    return Arrays.stream(HostileCase.values())
        .filter(one -> LONG || one != HostileCase.TARGET_SILENCE_AFTER_AN_UPLOAD);
  }

  @BeforeAll
  static void start() {
    List<HostileCase> all = new ArrayList<>(cases().toList());
    all.sort(Comparator.comparing(HostileCase::waits).reversed());
    all.forEach(one -> RUNS.put(one, new CompletableFuture<>()));
    THREADS.execute(() -> startEach(all));
  }

  private static void startEach(List<HostileCase> all) {
    try {
      for (HostileCase one : all) {
        BUSY.acquire();
        Objects.requireNonNull(RUNS.get(one)).completeAsync(() -> run(one), THREADS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterAll
  static void stop() {
    THREADS.shutdownNow();
  }

  private static Result run(HostileCase hostile) {
    var held = new AtomicBoolean(true);
    Runnable free =
        () -> {
          if (held.getAndSet(false)) {
            BUSY.release();
          }
        };
    try (var pair = new HostilePair()) {
      Path own = Files.createDirectory(folder.resolve(hostile.name()));
      hostile.setUp(pair);
      Runnable asked = hostile.waits().isZero() ? () -> {} : free;
      Ended ended = HostileProcess.wrap(own, pair.source(), pair.to.host(), pair::asked, asked);
      return new Result(ended, hostile.culprit(pair), List.copyOf(pair.to.manifests.keySet()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      free.run();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whateverIsSentTakesLittle(HostileCase hostile) throws Exception {
    Result result = Objects.requireNonNull(RUNS.get(hostile)).get();

    Ended ended = result.ended().hasTakenLittle().tellsNoSecret();
    System.out.println(hostile + ": " + ended.peak() + " KiB, " + ended.took());
    assertThat(ended.took()).isLessThan(hostile.limit());
    assertThat(ended.code()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said())
        .contains(hostile.said(), result.named())
        .doesNotContain("OutOfMemory", "Exception");
    assertThat(result.tagged()).isEmpty();
  }
}
