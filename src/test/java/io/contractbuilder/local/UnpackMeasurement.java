package io.contractbuilder.local;

import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.local.rootfs.ImageStore;
import io.contractbuilder.registry.ImageStores;
import io.contractbuilder.registry.RefusingRegistries;
import io.contractbuilder.registry.RegistryAccess;
import io.contractbuilder.registry.RegistryClient;
import io.contractbuilder.registry.StoredImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** What unpacking costs; run by hand with an empty folder and images, one after the other. */
final class UnpackMeasurement {
  private UnpackMeasurement() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    try (ImageStores stores =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.operator(Set.of(), null), new RefusingRegistries(null)),
            true)) {
      ImageStore store =
          new ImageStore(
              folder, folder, new StoredImages(stores, ImageLimits.DEFAULT), r -> null, true);
      for (int i = 1; i < args.length; i++) {
        long from = System.nanoTime();
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        store.unpacked(args[i]);
        System.out.printf(
            "%s: %d ms, CPU %d ms%n",
            args[i],
            (System.nanoTime() - from) / 1_000_000,
            ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(cpu).toMillis());
      }
    }
  }
}
