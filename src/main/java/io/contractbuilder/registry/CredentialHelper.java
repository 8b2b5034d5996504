package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program {@code docker-credential-<name>} that keeps credentials: {@code get}, the server on its
 * standard input, JSON on its standard output (docker-credential-helpers, "Development"). What it
 * prints is never shown.
 */
final class CredentialHelper {
  private static final int ANSWER_BYTES = 64 << 10;
  private static final String NOT_FOUND = "credentials not found in native keychain";
  private final String name;
  private final List<Path> path;
  private final Duration limit;

  /**
   * @param path folders that programs are in
   * @param limit how long it may run
   */
  CredentialHelper(String name, List<Path> path, Duration limit) {
    this.name = name;
    this.path = path;
    this.limit = limit;
  }

  /**
   * Asks for a server's credentials.
   *
   * @return null if it has none
   * @throws RegistryException if it cannot be asked
   */
  @Nullable RegistryCredentials get(String server) {
    Process process;
    try {
      var helper =
          new ProcessBuilder(program().toString(), "get")
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      // A contract's secrets are in it.
      helper.environment().remove("EVENT");
      process = helper.start();
    } catch (IOException e) {
      throw failed(server, "it cannot be started");
    }
    try {
      CompletableFuture<byte[]> answer = CompletableFuture.supplyAsync(() -> talk(process, server));
      byte[] bytes = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed(server, "it did not end within " + limit.toSeconds() + " s");
      }
      return credentials(server, process.exitValue(), bytes);
    } catch (TimeoutException e) {
      throw failed(server, "no answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failed(server, "its answer cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.cancelled(part(), operation(server));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Path program() throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IOException("no program's name");
    }
    for (Path folder : path) {
      Path file = folder.resolve("docker-credential-" + name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IOException("not there");
  }

  private static byte[] talk(Process process, String server) {
    try (InputStream in = process.getInputStream()) {
      try (OutputStream out = process.getOutputStream()) {
        out.write(server.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It did not want to know; what it answers counts.
        return in.readNBytes(ANSWER_BYTES);
      }
      return in.readNBytes(ANSWER_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private @Nullable RegistryCredentials credentials(String server, int code, byte[] bytes) {
    if (code != 0) {
      String said = new String(bytes, StandardCharsets.UTF_8).strip();
      if (said.equals(NOT_FOUND)) {
        return null;
      }
      throw failed(server, "it ended with exit code " + code);
    }
    try {
      JsonNode tree = Json.read(bytes);
      String user = tree.path("Username").asText("");
      String secret = tree.path("Secret").asText("");
      if (!secret.isEmpty()) {
        return new RegistryCredentials(user, new Secret(secret));
      }
    } catch (MalformedJson e) {
      throw failed(server, "its answer is no JSON");
    }
    return null;
  }

  private String part() {
    return "docker-credential-" + name.replaceAll("[^A-Za-z0-9._-]", "?");
  }

  private static String operation(String server) {
    return "asking it for credentials of " + server;
  }

  private RegistryException failed(String server, String answer) {
    return new RegistryException(
        part(),
        operation(server),
        answer,
        "Run it by hand, or take it out of Docker's config.json");
  }
}
