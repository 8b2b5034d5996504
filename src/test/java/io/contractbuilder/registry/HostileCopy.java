package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A copy as an event asks for it, from a registry that is hostile to an honest one. 127.0.0.1
 * stands for the public network: {@code registry.example} is the hostile registry, {@code
 * other.example} another server; every other loopback address is internal, as {@code
 * internal.example}, which has the other server's port.
 */
final class HostileCopy implements AutoCloseable {
  static final String USER = "joe";
  static final String PASSWORD = "canary-password";
  static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  static final ContractId CONTRACT = new ContractId("11111111-2222-4333-8444-555555555555");

  /**
   * For servers that never answer. Whatever may be cut short by it fails the same way: the slowness
   * of the machine that this runs on changes nothing.
   */
  static final RegistryAccess.Timeouts IMPATIENT =
      new RegistryAccess.Timeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(300),
          Duration.ofMillis(700),
          Duration.ofSeconds(2));

  /** As served: all that is not about time. */
  static final RegistryAccess.Timeouts PATIENT = RegistryAccess.Timeouts.DEFAULT;

  final MemoryRegistry from;
  final MemoryRegistry to;
  final MemoryRegistry other;
  final MemoryRegistry internal;
  final Map<String, List<String>> names = new ConcurrentHashMap<>();

  /** What a name resolves to from the second time on. */
  final Map<String, String> rebound = new ConcurrentHashMap<>();

  private final Map<Thread, Duration> pauses = new ConcurrentHashMap<>();
  private final ImageStores sources;
  private final ImageStores targets;
  private final RefusingRegistries refusing = new RefusingRegistries(null);
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);

  HostileCopy() throws IOException {
    this(PATIENT, PATIENT);
  }

  /**
   * @param more servers, with ports, whose names are of the public network too
   */
  HostileCopy(RegistryAccess.Timeouts reading, RegistryAccess.Timeouts writing, String... more)
      throws IOException {
    from = new MemoryRegistry();
    to = new MemoryRegistry();
    other = new MemoryRegistry();
    internal = new MemoryRegistry(new InetSocketAddress("127.0.0.2", other.port()));
    names.put("registry.example", List.of("127.0.0.1"));
    names.put("other.example", List.of("127.0.0.1"));
    names.put("internal.example", List.of("127.0.0.2"));
    Set<String> plain = new HashSet<>(Set.of(more));
    plain.add(host());
    plain.add("other.example:" + other.port());
    plain.add("internal.example:" + other.port());
    for (String server : more) {
      names.put(WebAddress.nameOf(server), List.of("127.0.0.1"));
    }
    RegistryAccess stranger =
        RegistryAccess.stranger(plain, AllowedAddresses.parse(List.of("127.0.0.1/32")), null);
    sources = new ImageStores(client(stranger.with(reading)), false);
    targets =
        new ImageStores(
            client(RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null).with(writing)),
            false);
  }

  /** From now on the target is known to refuse manifests whose blobs are missing. */
  HostileCopy knowTarget() {
    refusing.add("http://" + to.host());
    return this;
  }

  private RegistryClient client(RegistryAccess access) {
    return new RegistryClient(access, refusing, this::lookup, this::pause);
  }

  private void pause(Duration time) {
    pauses.merge(Thread.currentThread(), time, Duration::plus);
  }

  /** How long who waits longest would have waited between attempts. */
  Duration paused() {
    return pauses.values().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  private InetAddress[] lookup(String host) throws UnknownHostException {
    List<String> known = names.getOrDefault(host, List.of(host));
    if (rebound.containsKey(host)) {
      names.put(host, List.of(rebound.get(host)));
    }
    InetAddress[] addresses = new InetAddress[known.size()];
    for (int i = 0; i < addresses.length; i++) {
      if (!known.get(i).matches("[0-9.]+|[0-9a-f:]+")) {
        throw new UnknownHostException(host);
      }
      addresses[i] = InetAddress.getByName(known.get(i));
    }
    return addresses;
  }

  /** The hostile registry's name. */
  String host() {
    return "registry.example:" + from.port();
  }

  /** A place on the other server, under another name. */
  String elsewhere(String name) {
    return "http://" + name + ":" + other.port() + "/elsewhere";
  }

  /** Serves these bytes as the image's manifest or index, by its tag and by its digest. */
  HostileCopy serve(String mediaType, byte[] manifest) {
    from.push("app", "1", new TestImage(mediaType, manifest, Map.of()));
    return this;
  }

  BuiltImage run() {
    return run(host() + "/app:1");
  }

  BuiltImage run(String source) {
    return wrap.wrap(
        new ImageWrap.Input(
            ImageReference.parse(source),
            new RegistryCredentials(USER, new Secret(PASSWORD)),
            TestWatchdog.BOTH,
            CONTRACT),
        sources,
        targets,
        ImageReference.parse(to.host() + "/contracts:" + CONTRACT),
        null,
        CopyListeners.NONE);
  }

  PartFailure failure() {
    return failure(host() + "/app:1");
  }

  /** Runs the copy, which must fail in time, well said, with nothing stored and nothing told. */
  PartFailure failure(String source) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(() -> run(source));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(failure).isInstanceOf(PartFailure.class);
    PartFailure said = (PartFailure) failure;
    assertThat(took.plus(paused())).as("time with pauses").isLessThan(Duration.ofSeconds(30));
    assertThat(to.manifests).as("manifests at the target").isEmpty();
    assertThat(said.getMessage()).doesNotContain(PASSWORD).doesNotContain(BASIC);
    assertThat(said.getMessage()).as("who").containsAnyOf(source.split("/", -1)[0], to.host());
    assertThat(said.remedy()).isNotBlank();
    assertNothingTold(to);
    assertNothingTold(other);
    assertThat(internal.requests).isEmpty();
    return said;
  }

  static void assertNothingTold(MemoryRegistry server) {
    assertThat(server.heads)
        .noneMatch(h -> h.contains("Authorization") || h.contains("canary") || h.contains(USER));
  }

  @Override
  public void close() {
    sources.close();
    targets.close();
    from.close();
    to.close();
    other.close();
    internal.close();
  }
}
