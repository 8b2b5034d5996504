package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.ContractImages.Removal;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A private registry's answers to a deletion. */
@SuppressWarnings("NullAway.Init")
class RegistryDeletionTest {
  private static final byte[] MANIFEST = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Digest IMAGE = Digest.of(MANIFEST);
  private static final String KEY = "customer-contracts@" + IMAGE;

  private MemoryRegistry registry;
  private RegistryClient client;
  private ImageStores sources;
  private RegistryContractImages images;

  @BeforeEach
  void anImage() throws IOException {
    registry = new MemoryRegistry();
    registry.manifests.put(KEY, MANIFEST);
    registry.types.put(KEY, "application/vnd.oci.image.manifest.v1+json");
    var access = RegistryAccess.operator(Set.of(registry.host()), AllowedAddresses.PUBLIC, null);
    client =
        new RegistryClient(
            access, new RefusingRegistries(null), InetAddress::getAllByName, time -> {});
    sources = new ImageStores(client, true);
    images =
        new RegistryContractImages(
            registry.host(),
            client,
            sources,
            new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT));
  }

  @AfterEach
  void stop() {
    sources.close();
    client.close();
    registry.close();
  }

  private void answersWith(int status, boolean removes) {
    registry.behave(
        exchange -> {
          if (!exchange.getRequestMethod().equals("DELETE")) {
            return false;
          }
          if (removes) {
            registry.manifests.remove(KEY);
          }
          MemoryRegistry.answer(exchange, status, new byte[0]);
          return true;
        });
  }

  @Test
  void anotherYesThanTheSpecificationsIsLookedInto() {
    answersWith(200, true);
    assertThat(images.delete(IMAGE)).isInstanceOf(Removal.Removed.class);
    assertThat(registry.count("HEAD ")).isEqualTo(1);
  }

  @Test
  void aYesThatIsNotTrueIsNotBelieved() {
    answersWith(200, false);
    assertThatThrownBy(() -> images.delete(IMAGE))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.retryHelps()).isTrue())
        .hasMessageContaining("200, and it is still there");
  }

  @Test
  void theSpecificationsYesIsBelieved() {
    answersWith(202, true);
    assertThat(images.delete(IMAGE)).isInstanceOf(Removal.Removed.class);
    assertThat(registry.count("HEAD ")).isZero();
  }
}
