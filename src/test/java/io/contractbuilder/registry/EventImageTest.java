package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event's image may be, and what it is never given. */
@Timeout(30)
class EventImageTest {
  private static final ContractId VICTIM = new ContractId("11111111-2222-4333-8444-555555555555");
  private static final ContractId CONTRACT = new ContractId("11111111-2222-4333-8444-666666666666");
  private static final RegistryCredentials PRIVATE =
      new RegistryCredentials("chain", new Secret("canary-private"));
  private MemoryRegistry own;
  private MemoryRegistry customers;
  private RegistryClient privateRegistry;
  private ImageStores sources;
  private ContractImages images;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    own = new MemoryRegistry();
    customers = new MemoryRegistry();
    Set<String> plain = Set.of(own.host(), customers.host(), "alias.example:" + own.port());
    var refusing = new RefusingRegistries(null);
    privateRegistry =
        client(
            RegistryAccess.operator(plain, AllowedAddresses.PUBLIC, null).with(own.host(), PRIVATE),
            refusing);
    // Loopback is allowed as a setting may; what is refused here, is for another reason.
    sources =
        new ImageStores(
            client(
                RegistryAccess.stranger(
                    plain, AllowedAddresses.parse(List.of("127.0.0.0/8")), null),
                refusing),
            false);
    images =
        new RegistryContractImages(
            own.host(),
            privateRegistry,
            sources,
            new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT));
  }

  private static RegistryClient client(RegistryAccess access, RefusingRegistries refusing) {
    return new RegistryClient(
        access,
        refusing,
        host -> InetAddress.getAllByName(host.equals("alias.example") ? "127.0.0.1" : host),
        time -> {});
  }

  @AfterEach
  void stop() {
    sources.close();
    privateRegistry.close();
    own.close();
    customers.close();
  }

  private BuiltImage build(ContractId id, String source) {
    return images.build(
        new BuildRequest(id, ImageReference.parse(source), null, TestWatchdog.BOTH),
        CopyListeners.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:", "localhost:", "LOCALHOST:", "alias.example:"})
  void imageOfAnotherContractIsRefusedUnderAnyNameOfTheRegistry(String host) {
    String source = host + own.port() + "/customer-contracts:" + VICTIM;

    assertThatThrownBy(() -> build(CONTRACT, source))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("it is a contract's built image");
    assertThatThrownBy(() -> images.resolve(ImageReference.parse(source), null))
        .hasMessageContaining("Name the customer's own image");
    assertThat(own.requests).isEmpty();
  }

  @Test
  void privateRegistrysCredentialsNeverServeAReadForAnEvent() {
    own.push("team/app", "1", TestImage.oci(1, 100));
    own.behave(
        exchange -> {
          if (exchange.getRequestHeaders().containsKey("Authorization")) {
            return false;
          }
          MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"x\"").to(exchange);
          return true;
        });

    assertThatThrownBy(() -> build(CONTRACT, own.host() + "/team/app:1"))
        .hasMessageContaining("401");
    assertThat(own.heads).noneMatch(h -> h.contains("Authorization"));
    assertThat(own.tags()).containsOnlyKeys("team/app@1");
  }

  @Test
  void layersOfAnEventsImageInThePrivateRegistryAreNotMountedWithItsCredentials() {
    own.push("team/app", "1", TestImage.oci(2, 100));

    build(CONTRACT, own.host() + "/team/app:1");

    assertThat(own.heads).noneMatch(h -> h.contains("mount="));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void layerOfAnotherContractThatIsOnlyNamedIsNotGiven(boolean claims) {
    customers.push("victim", "1", TestImage.oci(1, 100_000));
    build(VICTIM, customers.host() + "/victim:1");
    TestImage stolen = TestImage.oci(1, 100_000);
    customers.push("thief", "1", stolen);
    // The thief knows the digest alone; it says to have the layer, or that it has not.
    byte[] layer = stolen.firstLayerBytes();
    byte[] wrong = new byte[layer.length];
    if (claims) {
      customers.blobs.put(stolen.firstLayer(), wrong);
    } else {
      customers.blobs.remove(stolen.firstLayer());
    }

    assertThatThrownBy(() -> build(CONTRACT, customers.host() + "/thief:1"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("registry " + customers.host())
        .hasMessageContaining(claims ? "proving that it has the layer" : "404");
    assertThat(own.tags()).containsOnlyKeys("customer-contracts@" + VICTIM);
  }

  @Test
  void layerThatTheSourceHasIsNotMovedASecondTime() {
    TestImage image = customers.push("app", "1", TestImage.oci(3, 100_000));
    build(VICTIM, customers.host() + "/app:1");

    BuiltImage built = build(CONTRACT, customers.host() + "/app:1");

    assertThat(own.tags()).containsKey("customer-contracts@" + CONTRACT);
    assertThat(built.traffic().bytesPresent()).isGreaterThan(300_000);
    assertThat(own.count("PUT /v2/customer-contracts/blobs")).isEqualTo(3 + 1 + 2);
    assertThat(customers.heads)
        .filteredOn(h -> h.contains(image.firstLayer()) && h.contains("Range=[bytes="))
        .hasSize(1);
  }

  @Test
  void layerInALayoutThatIsOnlyNamedIsNotGiven() {
    customers.push("victim", "1", TestImage.oci(1, 100_000));
    images =
        new LayoutContractImages(
            folder.resolve("images"),
            sources,
            new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT));
    build(VICTIM, customers.host() + "/victim:1");
    String layer = TestImage.oci(1, 100_000).firstLayer();
    customers.blobs.put(layer, new byte[TestImage.oci(1, 100_000).firstLayerBytes().length]);

    assertThatThrownBy(() -> build(CONTRACT, customers.host() + "/victim:1"))
        .hasMessageContaining("proving that it has the layer");
    assertThat(images.tagged(CONTRACT)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci:/var/lib/images:a", "docker-archive:/tmp/a.tar"})
  void filesOfThisMachineAreNotReadForAnEvent(String source) {
    assertThatThrownBy(() -> build(CONTRACT, source))
        .hasMessageContaining("files of this machine are not read for an event");
  }
}
