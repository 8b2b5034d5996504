package io.contractbuilder.local;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.local.functions.FunctionFiles;
import io.contractbuilder.local.functions.FunctionStarts;
import io.contractbuilder.local.functions.Functions;
import io.contractbuilder.local.functions.Replicas;
import io.contractbuilder.local.functions.ScheduleRunner;
import io.contractbuilder.local.functions.SecretStore;
import io.contractbuilder.local.gateway.FunctionProxy;
import io.contractbuilder.local.gateway.GatewayServer;
import io.contractbuilder.local.rootfs.ImageStore;
import io.contractbuilder.local.sandbox.ContainerRuntime;
import io.contractbuilder.local.sandbox.Forwarders;
import io.contractbuilder.local.sandbox.Programs;
import io.contractbuilder.local.sandbox.Runtimes;
import io.contractbuilder.local.wire.DoorClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small OpenFaaS on this machine: a gateway on loopback whose functions run in containers. What
 * is deployed lies in the state folder and runs again at the next start; when it is closed nothing
 * of it runs or is mounted.
 */
public final class LocalPlatform implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalPlatform.class);
  private final PlatformFolder folder;
  private final Functions functions;
  private final ScheduleRunner schedules;
  private final GatewayServer server;
  private final ExecutorService workers;
  private final ExecutorService restarts;
  private final ScheduledExecutorService timer;
  private final String runtimeName;
  private final String user;
  private final Secret password;
  private boolean closed;

  private LocalPlatform(
      PlatformFolder folder,
      ContainerRuntime runtime,
      PlatformOptions options,
      ImageReader images,
      Function<ImageReference, @Nullable RegistryCredentials> credentials,
      Programs programs,
      boolean root,
      Path runFolder)
      throws IOException {
    InstantSource clock = InstantSource.system();
    this.folder = folder;
    this.runtimeName = runtime.name();
    this.user = folder.user();
    this.password = folder.password();
    this.workers = Executors.newFixedThreadPool(32);
    this.restarts = Executors.newFixedThreadPool(4);
    this.timer = Executors.newSingleThreadScheduledExecutor();
    DoorClient client = new DoorClient(workers, timer);
    SecretStore secrets = new SecretStore(folder.folder("secrets"));
    ImageStore store =
        new ImageStore(
            folder.folder("rootfs"),
            options.state().resolve("images"),
            images,
            credentials,
            runtime.keepsOwners());
    Replicas replicas =
        new Replicas(
            runFolder,
            runtime,
            new Forwarders(programs, options.watchdog(), root),
            client,
            secrets,
            new SecureRandom(),
            options.hostNetwork(),
            options.readyLimit(),
            options.grace());
    this.functions =
        new Functions(
            new FunctionFiles(folder.folder("functions"), folder.folder("logs"), clock),
            new FunctionStarts(store, replicas, secrets, clock),
            secrets);
    FunctionProxy proxy = new FunctionProxy(functions, client, clock);
    this.schedules =
        new ScheduleRunner(
            options.state().resolve("schedules"), proxy::invoke, functions, clock, workers);
    try {
      this.server =
          new GatewayServer(options.port(), user, password, functions, secrets, proxy, release());
    } catch (IOException e) {
      timer.shutdownNow();
      throw e;
    }
  }

  /**
   * Starts a platform.
   *
   * @param images reads the images that functions name, those of the platform's own layout too
   * @param credentials for registries; gives null for none
   * @throws PlatformException if it runs already, no runtime is there, or the port is taken
   */
  public static LocalPlatform start(
      PlatformOptions options,
      ImageReader images,
      Function<ImageReference, @Nullable RegistryCredentials> credentials,
      Map<String, String> environment) {
    try {
      PlatformFolder folder = PlatformFolder.lock(options.state());
      boolean started = false;
      try {
        LocalPlatform platform = assemble(folder, options, images, credentials, environment);
        started = true;
        return platform;
      } finally {
        if (!started) {
          folder.close();
        }
      }
    } catch (IOException e) {
      throw new PlatformException(
          "start on " + options.state(),
          String.valueOf(e.getMessage()),
          "Check the state folder, the port and the disk's space",
          false,
          e);
    }
  }

  private static LocalPlatform assemble(
      PlatformFolder folder,
      PlatformOptions options,
      ImageReader images,
      Function<ImageReference, @Nullable RegistryCredentials> credentials,
      Map<String, String> environment)
      throws IOException {
    boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    Programs programs = new Programs(environment);
    ContainerRuntime runtime =
        Runtimes.choose(programs, root, options.runtime(), folder.folder("scratch"));
    if (runtime == null) {
      throw new PlatformException(
          "find a container runtime",
          root ? "neither runc nor bwrap is there" : "bwrap is not there",
          root
              ? "Install runc (Debian: apt-get install runc)"
              : "Install bubblewrap (Debian: apt-get install bubblewrap)",
          false,
          null);
    }
    folder.sweep(runtime);
    LocalPlatform platform =
        new LocalPlatform(
            folder,
            runtime,
            options,
            images,
            credentials,
            programs,
            root,
            folder.runFolder(options.runParent()));
    platform.begin(options);
    return platform;
  }

  private void begin(PlatformOptions options) throws IOException {
    if (options.hostNetwork()) {
      LOG.warn("functions share this machine's network: they can reach all that it can");
    }
    functions.restore(restarts);
    server.start();
    schedules.start();
    folder.announce(server.url());
    LOG.info("platform at {}, functions run by {}", server.url(), runtimeName);
  }

  private static String release() {
    String version = LocalPlatform.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /** Where the gateway is, for example {@code http://127.0.0.1:41231}. */
  public URI gateway() {
    return server.url();
  }

  /** The gateway's user. */
  public String user() {
    return user;
  }

  /** The gateway's password. */
  public Secret password() {
    return password;
  }

  /** What runs the functions: {@code runc} or {@code bwrap}. */
  public String runtime() {
    return runtimeName;
  }

  /** Ends every function and the gateway; functions have their grace. May be called twice. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.close();
    schedules.close();
    restarts.shutdownNow();
    workers.shutdownNow();
    await(restarts);
    functions.stop();
    await(workers);
    timer.shutdownNow();
    try {
      folder.close();
    } catch (IOException e) {
      throw new PlatformException(
          "clean up", String.valueOf(e.getMessage()), "The next start tries again", true, e);
    }
  }

  private static void await(ExecutorService pool) {
    try {
      if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("some work did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
