package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages.Removal;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contracts' images in each of the real registries. */
@Timeout(60)
class RegistryContractImagesIT {
  private final ContractId id = ContractId.random(new Random());

  private interface Use {
    void use(RegistryContractImages images) throws Exception;
  }

  private static void with(
      String registry, @Nullable RegistryCredentials credentials, Path folder, Use use)
      throws Exception {
    String host = Parts.variable(registry);
    RegistryAccess access = Parts.access(folder);
    RefusingRegistries refusing = new RefusingRegistries(folder.resolve("refusing"));
    try (RegistryClient target =
            new RegistryClient(
                credentials == null ? access : access.with(host, credentials), refusing);
        ImageStores sources = new ImageStores(new RegistryClient(access, refusing), true)) {
      use.use(
          new RegistryContractImages(
              host, target, sources, new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)));
    }
  }

  private static @Nullable RegistryCredentials credentials(String registry) {
    boolean open =
        Set.of("PARTS_REGISTRY", "PARTS_REGISTRY_NODELETE", "PARTS_REGISTRY_V3_PLAIN")
            .contains(registry);
    return open ? null : Parts.credentials(registry);
  }

  private BuildRequest request(String image) {
    return new BuildRequest(id, ImageReference.parse(Parts.image(image)), null, TestWatchdog.BOTH);
  }

  @ParameterizedTest
  @CsvSource({
    "PARTS_REGISTRY, static:1",
    "PARTS_REGISTRY_TLS, static:1",
    "PARTS_REGISTRY_TOKENS, multi:1",
    "PARTS_REGISTRY_V3, noshell-docker:1",
    "PARTS_REGISTRY_V3_PLAIN, multi:1"
  })
  void imageIsBuiltFoundAndRemoved(String registry, String image, @TempDir Path folder)
      throws Exception {
    with(
        registry,
        credentials(registry),
        folder,
        images -> {
          assertThat(images.tagged(id)).isNull();
          assertThat(images.isReadableByAll(id)).isEqualTo(credentials(registry) == null);
          BuiltImage built = images.build(request(image), CopyListeners.NONE);
          assertThat(images.tagged(id)).isEqualTo(built.digest());
          assertThat(images.tags()).contains(id.value());
          BuiltImage again = images.build(request(image), CopyListeners.NONE);

          assertThat(again.digest()).isEqualTo(built.digest());
          assertThat(images.exists(built.digest())).isTrue();
          assertThat(images.reference(built.digest()))
              .isEqualTo(Parts.variable(registry) + "/customer-contracts@" + built.digest());
          assertThat(images.delete(built.digest())).isEqualTo(new Removal.Removed());
          assertThat(images.exists(built.digest())).isFalse();
          assertThat(images.tags()).doesNotContain(id.value());
          assertThat(images.delete(built.digest())).isEqualTo(new Removal.Absent());
        });
  }

  @ParameterizedTest
  @CsvSource({"PARTS_REGISTRY_NODELETE", "PARTS_REGISTRY_V3_TLS"})
  void registryThatDeletesNothingIsWarnedOf(String registry, @TempDir Path folder)
      throws Exception {
    with(
        registry,
        credentials(registry),
        folder,
        images -> {
          BuiltImage built = images.build(request("static:1"), CopyListeners.NONE);

          assertThat(images.delete(built.digest()))
              .isInstanceOfSatisfying(
                  Removal.NotAllowed.class,
                  refused ->
                      assertThat(refused.warning())
                          .contains(built.digest().value(), "REGISTRY_STORAGE_DELETE_ENABLED"));
          assertThat(images.exists(built.digest())).isTrue();
        });
  }

  @ParameterizedTest
  @CsvSource({
    "PARTS_REGISTRY_TLS",
    "PARTS_REGISTRY_TOKENS",
    "PARTS_REGISTRY_V3",
    "PARTS_REGISTRY_V3_TLS"
  })
  void wrongPasswordIsSaidAndNeverShown(String registry, @TempDir Path folder) throws Exception {
    with(
        registry,
        new RegistryCredentials(Parts.variable(registry + "_USER"), new Secret("canary")),
        folder,
        images ->
            assertThatThrownBy(() -> images.build(request("static:1"), CopyListeners.NONE))
                .isInstanceOfSatisfying(
                    RegistryException.class, e -> assertThat(e.status()).isEqualTo(401))
                .hasMessageContaining("check those that were given")
                .hasMessageNotContaining("canary"));
  }

  @Test
  void unknownAuthorityIsRefusedWithWhatToDo() throws IOException {
    RegistryAccess access =
        new RegistryAccess(
            Set.of(),
            false,
            AllowedAddresses.PUBLIC.and(WebAddress.nameOf(Parts.variable("PARTS_REGISTRY_TLS"))),
            null,
            CredentialSource.NONE,
            RegistryAccess.Timeouts.DEFAULT);
    String host = Parts.variable("PARTS_REGISTRY_TLS");
    try (ImageStores stores =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), false)) {
      assertThatThrownBy(
              () ->
                  new StoredImages(stores, ImageLimits.DEFAULT)
                      .resolve(ImageReference.parse(host + "/a:1"), null))
          .hasMessageContaining("TLS failed")
          .hasMessageContaining("certs.d");
    }
  }
}
