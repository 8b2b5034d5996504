package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuildRequest;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages.Removal;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImageReader.ReadableImage;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LayoutContractImagesTest {
  private final Random random = new Random(7);
  private ImageStores stores;

  @BeforeEach
  void open() {
    stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null)),
            true);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private LayoutContractImages images(Path folder) {
    return new LayoutContractImages(
        folder.resolve("images"), stores, new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT));
  }

  private BuildRequest request(Path folder, ContractId id, TestImage image) throws IOException {
    String tag = image.digest().hex().substring(0, 8);
    image.writeTo(folder.resolve("source"), tag);
    return new BuildRequest(
        id,
        new ImageReference.InLayout(folder.resolve("source"), tag, null),
        null,
        TestWatchdog.BOTH);
  }

  private static long blobs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("images/blobs/sha256"))) {
      return files.count();
    }
  }

  @Test
  void saysWhichImagesAreThere(@TempDir Path folder) throws IOException {
    LayoutContractImages images = images(folder);
    assertThat(images.tags()).isEmpty();
    ContractId id = ContractId.random(random);
    Digest former =
        images.build(request(folder, id, TestImage.oci(1, 1000)), CopyListeners.NONE).digest();
    assertThat(images.untagged()).isEmpty();
    images.build(request(folder, id, TestImage.oci(2, 1000)), CopyListeners.NONE);

    assertThat(images.tags()).containsExactly(id.value());
    assertThat(images.untagged()).containsExactly(former);
  }

  @Test
  void deleteLeavesTheBlobsThatOthersNeedAndNoOther(@TempDir Path folder) throws IOException {
    LayoutContractImages images = images(folder);
    TestImage image = TestImage.oci(3, 1000);
    Digest one =
        images
            .build(request(folder, ContractId.random(random), image), CopyListeners.NONE)
            .digest();
    Digest two =
        images
            .build(request(folder, ContractId.random(random), image), CopyListeners.NONE)
            .digest();
    assertThat(blobs(folder)).isEqualTo(3 + 1 + 2 + 2);

    assertThat(images.delete(one)).isEqualTo(new Removal.Removed());

    assertThat(images.exists(one)).isFalse();
    assertThat(images.exists(two)).isTrue();
    assertThat(blobs(folder)).isEqualTo(3 + 1 + 1 + 1);
    assertThat(images.delete(two)).isEqualTo(new Removal.Removed());
    assertThat(blobs(folder)).isZero();
    assertThat(images.delete(two)).isEqualTo(new Removal.Absent());
  }

  @Test
  void formerImageOfAContractStaysUntilItIsDeleted(@TempDir Path folder) throws IOException {
    LayoutContractImages images = images(folder);
    ContractId id = ContractId.random(random);
    Digest former =
        images.build(request(folder, id, TestImage.oci(1, 100)), CopyListeners.NONE).digest();

    BuiltImage next = images.build(request(folder, id, TestImage.oci(2, 200)), CopyListeners.NONE);

    assertThat(images.tagged(id)).isEqualTo(next.digest());
    assertThat(images.exists(former)).isTrue();
    assertThat(images.delete(former)).isEqualTo(new Removal.Removed());
    assertThat(images.exists(next.digest())).isTrue();
    assertThat(images.reference(next.digest()))
        .isEqualTo("contract-builder.local/customer-contracts@" + next.digest());
  }

  @Test
  void buildsAndDeletesAtOnceDoNotHarmEachOther(@TempDir Path folder) throws Exception {
    LayoutContractImages images = images(folder);
    TestImage image = TestImage.oci(4, 50_000);
    BuildRequest kept = request(folder, ContractId.random(random), image);
    BuildRequest gone = request(folder, ContractId.random(random), image);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    images.delete(images.build(gone, CopyListeners.NONE).digest());
                  }
                });
    for (int i = 0; i < 20; i++) {
      Digest digest = images.build(kept, CopyListeners.NONE).digest();
      readAll(folder, digest);
      images.delete(digest);
    }
    other.join();

    readAll(folder, images.build(kept, CopyListeners.NONE).digest());
  }

  private void readAll(Path folder, Digest digest) throws IOException {
    ReadableImage image =
        new StoredImages(stores, ImageLimits.DEFAULT)
            .open(
                new ImageReference.InLayout(folder.resolve("images"), null, digest), null, "amd64");
    for (var layer : image.layers()) {
      try (InputStream in = image.open(layer)) {
        assertThat(in.readAllBytes()).hasSize((int) layer.size());
      }
    }
  }

  @Test
  void layerWithWrongBytesLeavesNothingNamed(@TempDir Path folder) throws IOException {
    TestImage image = TestImage.oci(2, 1000);
    BuildRequest request = request(folder, ContractId.random(random), image);
    Path layer = folder.resolve("source/blobs/sha256").resolve(image.firstLayer().substring(7));
    Files.write(layer, new byte[image.firstLayerBytes().length]);

    assertThatThrownBy(() -> images(folder).build(request, CopyListeners.NONE))
        .hasMessageContaining("not those of the digest");
    assertThat(folder.resolve("images/index.json")).doesNotExist();
  }
}
