package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a hostile registry leaves of an image in a layout or an archive. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class HostileFileTest {
  @TempDir private Path folder;
  private MemoryRegistry from;
  private TestImage image;

  @BeforeEach
  void start() throws IOException {
    from = new MemoryRegistry();
    image = from.push("app", "1", TestImage.oci(2, 300_000));
  }

  @AfterEach
  void stop() {
    from.close();
  }

  /** Of the first layer. */
  private enum Lie {
    WRONG_BYTES,
    SHORT,
    SHORT_AND_NOT_DECLARED,
    LONG_AND_NOT_DECLARED,
    NONE
  }

  private void tell(Lie lie) {
    int size = image.firstLayerBytes().length;
    switch (lie) {
      case WRONG_BYTES -> from.blobs.put(image.firstLayer(), new byte[size]);
      case SHORT -> from.blobs.put(image.firstLayer(), new byte[size - 1]);
      case SHORT_AND_NOT_DECLARED -> undeclared(size - 1);
      case LONG_AND_NOT_DECLARED -> undeclared(size + 1);
      case NONE -> {}
    }
  }

  private void undeclared(int size) {
    from.at(
        image.firstLayer(),
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[size]);
        });
  }

  private void wrapInto(String target) {
    RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null);
    try (var stores =
        new ImageStores(new RegistryClient(access, new RefusingRegistries(null)), false)) {
      new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT)
          .wrap(
              new ImageWrap.Input(
                  ImageReference.parse(from.host() + "/app:1"), null, TestWatchdog.BOTH, null),
              stores,
              stores,
              ImageReference.parse(target),
              null,
              CopyListeners.NONE);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private void isTheRegistrys(Throwable failure) {
    assertThat(failure).isInstanceOf(PartFailure.class);
    assertThat(((PartFailure) failure).part()).isEqualTo("registry " + from.host());
  }

  @ParameterizedTest
  @EnumSource
  void archiveIsThereWholeOrNot(Lie lie) throws IOException {
    tell(lie);
    Throwable failure =
        catchThrowable(() -> wrapInto("docker-archive:" + folder.resolve("out.tar")));

    if (lie == Lie.NONE) {
      assertThat(failure).isNull();
      assertThat(files()).containsExactly(folder.resolve("out.tar"));
    } else {
      isTheRegistrys(failure);
      assertThat(files()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void layoutNamesAnImageThatIsThereWholeOrNone(Lie lie) throws IOException {
    tell(lie);
    Path layout = folder.resolve("layout");
    Throwable failure = catchThrowable(() -> wrapInto("oci:" + layout + ":1"));

    Path index = layout.resolve("index.json");
    JsonNode named =
        Files.exists(index) ? Json.read(Files.readAllBytes(index)).path("manifests") : Json.array();
    Path blobs = layout.resolve("blobs/sha256");
    for (Path file : files()) {
      if (file.startsWith(blobs)) {
        assertThat(Digest.of(Files.readAllBytes(file)).hex())
            .as("no blob is a temporary file, or another than it says")
            .isEqualTo(file.getFileName().toString());
      } else {
        assertThat(file).hasParent(layout);
        assertThat(file.getFileName().toString()).matches("oci-layout|index.json|[.]lock.*");
      }
    }
    if (lie == Lie.NONE) {
      assertThat(failure).isNull();
      assertThat(named).hasSize(1);
    } else {
      isTheRegistrys(failure);
      assertThat(named).isEmpty();
      assertThat(blobs.resolve(image.firstLayer().substring("sha256:".length()))).doesNotExist();
    }
  }
}
