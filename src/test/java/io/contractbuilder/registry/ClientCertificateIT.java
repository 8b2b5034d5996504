package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real registry that lets in only who shows a certificate. */
@Timeout(60)
class ClientCertificateIT {
  @TempDir private Path certs;

  @BeforeEach
  void trust() throws IOException {
    put("PARTS_CA", "", "ca.crt");
  }

  private Path folder() {
    return certs.resolve(Parts.variable("PARTS_REGISTRY_MTLS"));
  }

  private void put(String variable, String ending, String name) throws IOException {
    Files.createDirectories(folder());
    Files.copy(Path.of(Parts.variable(variable) + ending), folder().resolve(name));
  }

  private BuiltImage wrap(String source, String target) {
    RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs);
    try (var stores =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), true)) {
      return new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
          .wrap(
              new ImageWrap.Input(ImageReference.parse(source), null, TestWatchdog.BOTH, null),
              stores,
              stores,
              ImageReference.parse(target),
              null,
              CopyListeners.NONE);
    }
  }

  @Test
  void imageIsPushedToItAndReadFromIt() throws IOException {
    put("PARTS_CLIENT", ".pem", "client.cert");
    put("PARTS_CLIENT", ".key", "client.key");
    String registry = Parts.variable("PARTS_REGISTRY_MTLS");

    BuiltImage pushed = wrap(Parts.image("static:1"), registry + "/shown/static:1");
    BuiltImage read = wrap(registry + "/shown/static:1", registry + "/shown/again:1");

    assertThat(read.baseDigest()).isEqualTo(pushed.digest());
  }

  /** With TLS 1.3 the refusal comes after the handshake, and the connection may break before it. */
  @Test
  void whoShowsNoneIsNotLetIn() {
    String registry = Parts.variable("PARTS_REGISTRY_MTLS");

    assertThatThrownBy(() -> wrap(Parts.image("static:1"), registry + "/hidden/static:1"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(registry)
        .satisfiesAnyOf(
            refused -> assertThat(refused).hasMessageContaining("client.cert"),
            broken -> assertThat(broken).hasMessageContaining("the connection broke"));
  }
}
