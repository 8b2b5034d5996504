import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.image.Watchdogs;
import io.contractbuilder.registry.AllowedAddresses;
import io.contractbuilder.registry.ImageStores;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.registry.RefusingRegistries;
import io.contractbuilder.registry.RegistryAccess;
import io.contractbuilder.registry.RegistryClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many siblings a warm process wraps in a second: {@code java Throughput.java HOME SOURCE TARGET COUNT}, three at
 * a time, after as many again that do not count.
 */
final class Throughput {
  private static final int AT_A_TIME = 3;
  private final ImageStores stores =
      new ImageStores(
          new RegistryClient(
              RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null), new RefusingRegistries(null)),
          false);
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);
  private final Watchdogs watchdogs;
  private final ImageReference source;
  private final String target;
  private final AtomicInteger next = new AtomicInteger();

  private Throughput(Path home, String source, String target) {
    this.watchdogs =
        new Watchdogs(
            home,
            reference -> {
              throw new IllegalArgumentException("no image is a watchdog here");
            });
    this.source = ImageReference.parse(source);
    this.target = target;
  }

  public static void main(String[] arguments) throws InterruptedException {
    var measured = new Throughput(Path.of(arguments[0]), arguments[1], arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    measured.wrap(0);
    measured.run(count);
    long start = System.nanoTime();
    double[] times = measured.run(count);
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "%.0f wraps/s, %d at a time; half of them within %.0f ms, 99 %% within %.0f ms%n",
        count / seconds,
        AT_A_TIME,
        times[count / 2],
        times[(int) (count * 0.99)]);
    measured.stores.close();
  }

  /** Milliseconds of each. */
  private double[] run(int count) throws InterruptedException {
    double[] times = new double[count];
    var left = new AtomicInteger(count);
    var ended = new CountDownLatch(AT_A_TIME);
    for (int i = 0; i < AT_A_TIME; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int one = left.decrementAndGet(); one >= 0; one = left.decrementAndGet()) {
                  long start = System.nanoTime();
                  wrap(next.incrementAndGet());
                  times[one] = (System.nanoTime() - start) / 1e6;
                }
                ended.countDown();
              });
    }
    ended.await();
    return times;
  }

  private void wrap(int number) {
    var id = new ContractId("11111111-2222-4333-8444-%012d".formatted(number));
    var input = new ImageWrap.Input(source, null, watchdogs.choose(Watchdogs.BUILTIN), id);
    var tagged = ImageReference.parse(target + ":" + number);
    wrap.wrap(input, stores, stores, tagged, null, (blob, done, size) -> {});
  }
}
