package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.json.Json;
import io.contractbuilder.local.rootfs.ImageStore;
import io.contractbuilder.local.rootfs.UnpackException;
import io.contractbuilder.local.rootfs.UnpackedImage;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions: deployed, replaced, scaled, removed; one change of each at a time. */
public final class Functions {
  private static final Logger LOG = LoggerFactory.getLogger(Functions.class);
  private static final int REASON_LINES = 10;
  private static final Duration WAKE = Duration.ofSeconds(10);
  private final FunctionFiles files;
  private final ImageStore images;
  private final Replicas replicas;
  private final SecretStore secrets;
  private final InstantSource clock;
  private final Map<String, Function> all = new ConcurrentSkipListMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  // Images in the making belong to nobody yet: nothing is pruned meanwhile.
  private final ReadWriteLock using = new ReentrantReadWriteLock();

  public Functions(
      FunctionFiles files,
      ImageStore images,
      Replicas replicas,
      SecretStore secrets,
      InstantSource clock) {
    this.files = files;
    this.images = images;
    this.replicas = replicas;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** All of them as OpenFaaS shows them. */
  public ArrayNode list() {
    ArrayNode list = Json.array();
    all.values().forEach(f -> list.add(shown(f)));
    return list;
  }

  /** One of them; null if there is none of this name. */
  public @Nullable ObjectNode show(String name) {
    Function f = all.get(name);
    return f == null ? null : shown(f);
  }

  private static ObjectNode shown(Function f) {
    return f.deployment().shown(f.process(), f.replicas(), f.available(), f.createdAt());
  }

  /** What a function wrote; null if there is none of this name. */
  public @Nullable FunctionLog log(String name) {
    Function f = all.get(name);
    return f == null ? null : f.log();
  }

  /** Deploys a new function; returns when it serves. */
  public void create(JsonNode body) throws Refused, IOException, InterruptedException {
    FunctionDeployment d = FunctionDeployment.of(body);
    ReentrantLock lock = locked(d.name());
    try {
      if (all.containsKey(d.name())) {
        throw new Refused(
            400,
            "unable to create container: %s, error: snapshot \"%s-snapshot\": already exists"
                .formatted(d.name(), d.name()));
      }
      checkSecrets(d);
      FunctionLog log = files.log(d.name());
      boolean done = false;
      try {
        keep(begin(d, log));
        done = true;
      } finally {
        if (!done) {
          log.remove();
          prune();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Replaces a function; the old version serves until the new one does, or goes on. */
  public void replace(JsonNode body) throws Refused, IOException, InterruptedException {
    FunctionDeployment d = FunctionDeployment.of(body);
    ReentrantLock lock = locked(d.name());
    try {
      Function old = existing(d.name());
      checkSecrets(d);
      Function fresh;
      try {
        fresh = begin(d, old.log());
      } catch (Refused e) {
        throw e.as(500);
      }
      keep(fresh);
      if (old.replica() != null) {
        old.replica().stop();
      }
    } finally {
      lock.unlock();
      prune();
    }
  }

  /** Removes a function with all that belongs to it. */
  public void delete(String name) throws Refused, IOException, InterruptedException {
    ReentrantLock lock = locked(name);
    try {
      Function f = existing(name);
      files.delete(name);
      all.remove(name);
      if (f.replica() != null) {
        f.replica().stop();
      }
      f.log().remove();
    } finally {
      lock.unlock();
      prune();
    }
  }

  /** Makes it none or one replica; more than one is one. */
  public void scale(String name, int wanted) throws Refused, IOException, InterruptedException {
    ReentrantLock lock = locked(name);
    try {
      Function f = existing(name);
      if (wanted <= 0 && f.replica() != null) {
        keep(f.with(0, f.image(), null));
        f.replica().stop();
      } else if (wanted > 0 && f.replica() == null) {
        keep(begin(f.deployment(), f.log()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Where a function takes calls; waits for it a while, wakes it if it sleeps. */
  public SocketAddress address(String name) throws Refused, IOException, InterruptedException {
    Function f = all.get(name);
    if (f == null) {
      throw new Refused(
          404,
          ("error finding function %s.%s: server returned non-200 status code (404) for function,"
                  + " %s, body: ")
              .formatted(name, FunctionDeployment.NAMESPACE, name));
    }
    if (f.replica() == null) {
      scale(name, 1);
      f = existing(name);
    }
    Replica replica = f.replica();
    SocketAddress at = replica == null ? null : replica.awaitAddress(WAKE);
    if (at == null) {
      // It may have been replaced while it was waited for.
      Function now = all.get(name);
      Replica other = now == null ? null : now.replica();
      at = other == null ? null : other.address();
    }
    if (at == null) {
      throw new Refused(503, "No endpoints available for: " + name + ".");
    }
    return at;
  }

  /** Makes a secret or changes it, also where functions read it. */
  public void putSecret(String name, byte[] value) throws IOException, Refused {
    secrets.put(name, value);
    for (Function f : all.values()) {
      if (f.replica() != null && f.deployment().secrets().contains(name)) {
        replicas.refresh(f.replica(), name);
      }
    }
  }

  private Function existing(String name) throws Refused {
    Function f = all.get(name);
    if (f == null) {
      throw new Refused(404, "service " + name + " not found");
    }
    return f;
  }

  private ReentrantLock locked(String name) throws InterruptedException {
    ReentrantLock lock = locks.computeIfAbsent(name, n -> new ReentrantLock());
    lock.lockInterruptibly();
    return lock;
  }

  private void checkSecrets(FunctionDeployment d) throws Refused {
    for (String secret : d.secrets()) {
      if (!secrets.has(secret)) {
        throw new Refused(400, "unable to find secret: " + secret);
      }
    }
  }

  /** Starts a function and waits until it serves; leaves nothing of one that does not. */
  private Function begin(FunctionDeployment d, FunctionLog log)
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
        serves = true;
      } finally {
        if (!serves) {
          replica.stop();
        }
      }
      String process = replica.spec().environment().getOrDefault("fprocess", "");
      return new Function(d, image, process, clock.instant().toString(), 1, replica, log);
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

  private void keep(Function f) throws IOException {
    files.write(f.deployment().name(), f.stored());
    all.put(f.deployment().name(), f);
  }

  /** Removes images that no function needs, unless one is just being made. */
  private void prune() throws IOException {
    if (!using.writeLock().tryLock()) {
      return;
    }
    try {
      Set<UnpackedImage> used = new HashSet<>();
      for (Function f : all.values()) {
        if (f.image() != null) {
          used.add(f.image());
        }
      }
      images.prune(used);
    } finally {
      using.writeLock().unlock();
    }
  }

  /** Starts again what an earlier platform ran. */
  public void restore(ExecutorService pool) throws IOException {
    for (Map.Entry<String, JsonNode> e : new TreeMap<>(files.read()).entrySet()) {
      try {
        FunctionDeployment d = FunctionDeployment.of(e.getValue());
        Function f =
            new Function(
                d,
                null,
                e.getValue().path("process").asText(""),
                e.getValue().path("createdAt").asText(""),
                e.getValue().path("replicas").asInt(1),
                null,
                files.log(d.name()));
        all.put(d.name(), f);
        if (f.replicas() > 0) {
          pool.execute(() -> restart(f));
        }
      } catch (Refused bad) {
        LOG.error("function {} cannot be taken up again", e.getKey(), bad);
      }
    }
  }

  private void restart(Function f) {
    FunctionDeployment d = f.deployment();
    using.readLock().lock();
    try {
      ReentrantLock lock = locked(d.name());
      try {
        if (f.equals(all.get(d.name()))) {
          UnpackedImage image = unpacked(d);
          Replica replica = replicas.make(d, image, f.log(), false);
          all.put(d.name(), f.with(f.replicas(), image, replica));
          replica.start();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Refused | IOException e) {
      LOG.error("function {} cannot be started again", d.name(), e);
      f.log().add("platform", "platform: " + e.getMessage());
    } finally {
      using.readLock().unlock();
    }
  }

  /** Ends all that runs; what is deployed stays on the disk. */
  public void stop() {
    List<Thread> stopping =
        all.values().stream()
            .map(Function::replica)
            .filter(java.util.Objects::nonNull)
            .map(r -> new Thread(r::stop, "stop " + r.spec().hostname()))
            .toList();
    stopping.forEach(Thread::start);
    for (Thread t : stopping) {
      try {
        t.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
