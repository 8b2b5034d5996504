package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests a wrap costs at a real registry without tokens, for N base layers. */
@Timeout(120)
class RequestCountsIT {
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 30, 120})
  void requestsAreThreeForEachNewLayerAndNoneForOnesThatAreThere(int layers, @TempDir Path folder)
      throws Exception {
    TestImage.oci(layers, 1000).writeTo(folder.resolve("image"), "1");
    String source = Parts.variable("PARTS_REGISTRY") + "/counts/source" + layers + ":1";
    Parts.run(
        "skopeo",
        "copy",
        "--quiet",
        "--dest-tls-verify=false",
        "oci:" + folder.resolve("image") + ":1",
        "docker://" + source);
    String target = Parts.variable("PARTS_REGISTRY_NODELETE") + "/counts/target" + layers + ":";
    var refusing = new RefusingRegistries(null);

    BuiltImage cold = run(source, target, "11111111-2222-4333-8444-000000000001", refusing);
    BuiltImage sibling = run(source, target, "11111111-2222-4333-8444-000000000002", refusing);
    BuiltImage again = run(source, target, "11111111-2222-4333-8444-000000000002", refusing);
    BuiltImage unknown =
        run(source, target, "11111111-2222-4333-8444-000000000003", new RefusingRegistries(null));

    assertThat(cold.traffic().requests()).isEqualTo(3 * layers + 8);
    assertThat(sibling.traffic().requests()).isEqualTo(5);
    assertThat(again.traffic().requests()).isEqualTo(5);
    // The manifest is put before its configuration, to see whether the registry refuses it.
    assertThat(unknown.traffic().requests()).isEqualTo(6);
    assertThat(sibling.traffic().bytesCopied()).isLessThan(20_000);

    String other = Parts.variable("PARTS_REGISTRY_NODELETE") + "/counts/other" + layers + ":";
    BuiltImage mounted =
        run(
            source,
            other,
            "11111111-2222-4333-8444-000000000004",
            "counts/target" + layers,
            new RefusingRegistries(null));
    assertThat(mounted.traffic().requests()).isEqualTo(layers + 6);
    assertThat(mounted.traffic().bytesCopied()).isLessThan(20_000);
  }

  private BuiltImage run(
      String source, String target, String contract, RefusingRegistries refusing) {
    return run(source, target, contract, null, refusing);
  }

  private BuiltImage run(
      String source,
      String target,
      String contract,
      @Nullable String mountFrom,
      RefusingRegistries refusing) {
    RegistryAccess access = RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null);
    try (ImageStores stores = new ImageStores(new RegistryClient(access, refusing), false)) {
      return wrap.wrap(
          new ImageWrap.Input(
              ImageReference.parse(source), null, TestWatchdog.BOTH, new ContractId(contract)),
          stores,
          stores,
          ImageReference.parse(target + contract),
          null,
          mountFrom,
          CopyListeners.NONE);
    }
  }
}
