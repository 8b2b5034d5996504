package io.contractbuilder.local.functions;

import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.local.rootfs.ImageStore;
import io.contractbuilder.local.rootfs.UnpackException;
import io.contractbuilder.local.rootfs.UnpackedImage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Starts functions: their image, their secrets, their replica; and lets go of images. */
public final class FunctionStarts {
  private static final int REASON_LINES = 10;
  private final ImageStore images;
  private final Replicas replicas;
  private final SecretStore secrets;
  private final InstantSource clock;
  // Images in the making belong to nobody yet: nothing is pruned meanwhile.
  private final ReadWriteLock using = new ReentrantReadWriteLock();

  public FunctionStarts(
      ImageStore images, Replicas replicas, SecretStore secrets, InstantSource clock) {
    this.images = images;
    this.replicas = replicas;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** That every secret that it names is there. */
  void checkSecrets(FunctionDeployment d) throws Refused {
    for (String secret : d.secrets()) {
      if (!secrets.has(secret)) {
        throw new Refused(400, "unable to find secret: " + secret);
      }
    }
  }

  /**
   * Starts a function and waits until it serves; leaves nothing of one that does not.
   *
   * @param keeper takes it while its image is still held
   */
  void begin(FunctionDeployment d, FunctionLog log, Keeper keeper)
      throws Refused, IOException, InterruptedException {
    using.readLock().lock();
    try {
      UnpackedImage image = unpacked(d);
      Replica replica = replicas.make(d, image, log, true);
      boolean serves = false;
      try {
        replica.start();
        String problem = replica.awaitBegun();
        if (!problem.isEmpty()) {
          throw failed(d, problem, log.texts(replica.spec().instance(), REASON_LINES));
        }
        String process = replica.spec().environment().getOrDefault("fprocess", "");
        keeper.keep(new Function(d, image, process, clock.instant().toString(), 1, replica, log));
        serves = true;
      } finally {
        if (!serves) {
          replica.stop();
        }
      }
    } finally {
      using.readLock().unlock();
    }
  }

  private static Refused failed(FunctionDeployment d, String problem, List<String> lines) {
    String last = lines.isEmpty() ? "it wrote nothing" : String.join("\n", lines);
    return new Refused(
        400, "unable to start task: %s, error: it %s: %s".formatted(d.name(), problem, last));
  }

  private UnpackedImage unpacked(FunctionDeployment d)
      throws Refused, IOException, InterruptedException {
    try {
      UnpackedImage image = images.unpacked(d.image());
      if (image.command().isEmpty()) {
        throw new Refused(
            400, "unable to start task: " + d.name() + ", error: args must not be empty");
      }
      return image;
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "invalid reference format: " + e.getMessage());
    } catch (PartFailure | UnpackException e) {
      throw new Refused(
          400, "unable to pull image " + d.image() + ": cannot pull: " + e.getMessage());
    }
  }

  /** Starts one that was deployed before; it is looked after until it serves. */
  void again(Function f, Keeper keeper) throws Refused, IOException, InterruptedException {
    using.readLock().lock();
    try {
      UnpackedImage image = unpacked(f.deployment());
      Replica replica = replicas.make(f.deployment(), image, f.log(), false);
      keeper.keep(f.with(f.replicas(), image, replica));
      replica.start();
    } finally {
      using.readLock().unlock();
    }
  }

  /** Gives a running replica a secret's new value. */
  void refresh(Replica replica, String secret) throws IOException {
    replicas.refresh(replica, secret);
  }

  /** Removes images that no function needs, unless one is just being made. */
  void prune(Collection<Function> all) throws IOException {
    if (!using.writeLock().tryLock()) {
      return;
    }
    try {
      Set<UnpackedImage> used = new HashSet<>();
      for (Function f : all) {
        if (f.image() != null) {
          used.add(f.image());
        }
      }
      images.prune(used);
    } finally {
      using.writeLock().unlock();
    }
  }

  /** Takes a function that was started. */
  @FunctionalInterface
  interface Keeper {
    void keep(Function started) throws IOException;
  }
}
