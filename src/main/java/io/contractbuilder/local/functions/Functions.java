package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions: deployed, replaced, scaled, removed; one change of each at a time. */
public final class Functions {
  private static final Logger LOG = LoggerFactory.getLogger(Functions.class);
  private static final Duration WAKE = Duration.ofSeconds(10);
  private final FunctionFiles files;
  private final FunctionStarts starts;
  private final SecretStore secrets;
  private final Map<String, Function> all = new ConcurrentSkipListMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  public Functions(FunctionFiles files, FunctionStarts starts, SecretStore secrets) {
    this.files = files;
    this.starts = starts;
    this.secrets = secrets;
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
      starts.checkSecrets(d);
      FunctionLog log = files.log(d.name());
      boolean done = false;
      try {
        starts.begin(d, log, this::keep);
        done = true;
      } finally {
        if (!done) {
          log.remove();
          starts.prune(all.values());
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
      starts.checkSecrets(d);
      try {
        starts.begin(d, old.log(), this::keep);
      } catch (Refused e) {
        throw e.as(500);
      }
      if (old.replica() != null) {
        old.replica().stop();
      }
    } finally {
      lock.unlock();
      starts.prune(all.values());
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
      starts.prune(all.values());
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
        starts.begin(f.deployment(), f.log(), this::keep);
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
        starts.refresh(f.replica(), name);
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

  private void keep(Function f) throws IOException {
    files.write(f.deployment().name(), f.stored());
    all.put(f.deployment().name(), f);
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
    try {
      ReentrantLock lock = locked(d.name());
      try {
        if (f.equals(all.get(d.name()))) {
          starts.again(f, fresh -> all.put(d.name(), fresh));
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Refused | IOException e) {
      LOG.error("function {} cannot be started again", d.name(), e);
      f.log().add("platform", "platform: " + e.getMessage());
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
