package io.contractbuilder.local.functions;

import io.contractbuilder.local.rootfs.UnpackedImage;
import io.contractbuilder.local.sandbox.ContainerRuntime;
import io.contractbuilder.local.sandbox.ContainerSpec;
import io.contractbuilder.local.sandbox.Forwarders;
import io.contractbuilder.local.wire.DoorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes replicas of functions: their folders, secrets, environment and way in. */
public final class Replicas {
  private static final int LONGEST_HOST_NAME = 63;
  private final Path runFolder;
  private final ContainerRuntime runtime;
  private final Forwarders forwarders;
  private final DoorClient client;
  private final SecretStore secrets;
  private final RandomGenerator random;
  private final boolean hostNetwork;
  private final Duration readyLimit;
  private final Duration grace;

  public Replicas(
      Path runFolder,
      ContainerRuntime runtime,
      Forwarders forwarders,
      DoorClient client,
      SecretStore secrets,
      RandomGenerator random,
      boolean hostNetwork,
      Duration readyLimit,
      Duration grace) {
    this.runFolder = runFolder;
    this.runtime = runtime;
    this.forwarders = forwarders;
    this.client = client;
    this.secrets = secrets;
    this.random = random;
    this.hostNetwork = hostNetwork;
    this.readyLimit = readyLimit;
    this.grace = grace;
  }

  /** Makes a replica that is not started yet. */
  Replica make(FunctionDeployment d, UnpackedImage image, FunctionLog log, boolean mustBeginWell)
      throws IOException {
    String instance = "%08x".formatted(random.nextInt());
    Path folder = Files.createDirectory(runFolder.resolve(instance));
    // The socket's folder is for whoever the function runs as; the one above is ours alone.
    Files.setPosixFilePermissions(
        Files.createDirectory(folder.resolve("door")),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(
        Files.createDirectory(folder.resolve("secrets")),
        PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String secret : d.secrets()) {
      secrets.copy(secret, folder.resolve("secrets"));
    }
    int port = hostNetwork ? freePort() : 0;
    ContainerSpec spec =
        new ContainerSpec(
            instance,
            folder,
            image,
            environment(d, image, port),
            hostname(d.name()),
            d.memory(),
            d.cpuMillis(),
            d.readOnlyRootFilesystem(),
            hostNetwork);
    Door door = new Door(client, runtime, forwarders, port);
    return new Replica(spec, runtime, log, door, readyLimit, grace, mustBeginWell);
  }

  private static String hostname(String name) {
    return name.length() <= LONGEST_HOST_NAME ? name : name.substring(0, LONGEST_HOST_NAME);
  }

  private static Map<String, String> environment(
      FunctionDeployment d, UnpackedImage image, int port) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    for (String variable : image.environment()) {
      int equals = variable.indexOf('=');
      if (equals > 0 && variable.indexOf('\0') < 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    environment.putIfAbsent("HOME", "/tmp");
    environment.putAll(d.envVars());
    if (!d.envProcess().isEmpty()) {
      environment.put("fprocess", d.envProcess());
    }
    environment.put("listen_socket", ContainerSpec.DOOR + "/" + Door.OWN);
    if (port > 0) {
      environment.put("port", Integer.toString(port));
    }
    return environment;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  /** Gives a running replica a secret's new value. */
  void refresh(Replica replica, String secret) throws IOException {
    secrets.copy(secret, replica.spec().folder().resolve("secrets"));
  }
}
