package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials as {@code docker login} keeps them: {@code config.json}, or {@code .dockerconfigjson}
 * as Kubernetes mounts it, in one folder. Read each time, when a registry is first spoken to.
 */
public final class DockerCredentials implements CredentialSource {
  private static final String HUB = "https://index.docker.io/v1/";
  private static final int MAX_FILE = 1 << 20;
  private final Path folder;
  private final List<Path> path;
  private final Duration limit;

  /**
   * @param folder {@code DOCKER_CONFIG}
   * @param path where credential helpers are looked for
   */
  public DockerCredentials(Path folder, List<Path> path) {
    this(folder, path, Duration.ofSeconds(10));
  }

  /** As Docker finds them: {@code DOCKER_CONFIG}, else {@code .docker} in {@code HOME}. */
  public static CredentialSource of(Map<String, String> environment) {
    String given = environment.getOrDefault("DOCKER_CONFIG", "");
    String home = environment.getOrDefault("HOME", "");
    if (given.isEmpty() && home.isEmpty()) {
      return CredentialSource.NONE;
    }
    List<Path> path = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        path.add(Path.of(folder));
      }
    }
    return new DockerCredentials(given.isEmpty() ? Path.of(home, ".docker") : Path.of(given), path);
  }

  DockerCredentials(Path folder, List<Path> path, Duration limit) {
    this.folder = folder;
    this.path = path;
    this.limit = limit;
  }

  @Override
  public @Nullable RegistryCredentials find(String host) {
    JsonNode config = config();
    String server = host.equals("docker.io") ? HUB : host;
    JsonNode helper = field(config.path("credHelpers"), host);
    if (helper.isTextual()) {
      return new CredentialHelper(helper.asText(), path, limit).get(server);
    }
    String store = config.path("credsStore").asText("");
    if (!store.isEmpty()) {
      RegistryCredentials kept = new CredentialHelper(store, path, limit).get(server);
      if (kept != null) {
        return kept;
      }
    }
    return credentials(field(config.path("auths"), host), host);
  }

  private JsonNode config() {
    Path kept = folder.resolve("config.json");
    Path file = Files.exists(kept) ? kept : folder.resolve(".dockerconfigjson");
    try {
      if (Files.size(file) > MAX_FILE) {
        throw failed(file, "it is larger than " + MAX_FILE + " bytes");
      }
      return Json.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Json.object();
    } catch (MalformedJson e) {
      throw failed(file, "it is no JSON");
    } catch (IOException e) {
      throw failed(file, "it cannot be read");
    }
  }

  /** The field of a host: Docker writes it with or without a scheme and a path. */
  private static JsonNode field(JsonNode byServer, String host) {
    JsonNode exact = byServer.get(host);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, JsonNode> one : byServer.properties()) {
      if (hostOf(one.getKey()).equals(host)) {
        return one.getValue();
      }
    }
    return Json.object();
  }

  private static String hostOf(String server) {
    String host = server.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    int slash = host.indexOf('/');
    host = slash < 0 ? host : host.substring(0, slash);
    return host.equals("index.docker.io") ? "docker.io" : host;
  }

  private @Nullable RegistryCredentials credentials(JsonNode entry, String host) {
    String token = entry.path("identitytoken").asText("");
    if (!token.isEmpty()) {
      return new RegistryCredentials(CredentialSource.IDENTITY_TOKEN, new Secret(token));
    }
    String auth = entry.path("auth").asText("");
    if (auth.isEmpty()) {
      String user = entry.path("username").asText("");
      String password = entry.path("password").asText("");
      return user.isEmpty() ? null : new RegistryCredentials(user, new Secret(password));
    }
    try {
      String pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon > 0) {
        return new RegistryCredentials(
            pair.substring(0, colon), new Secret(pair.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      throw failed(folder, "the 'auth' of " + host + " is no base64");
    }
    throw failed(folder, "the 'auth' of " + host + " is not user:password");
  }

  private static RegistryException failed(Path file, String answer) {
    return new RegistryException(
        "Docker's credentials", "reading " + file, answer, "Log in again, or mend the file");
  }
}
