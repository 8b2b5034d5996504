package io.contractbuilder.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A redis-server of a test class's own, empty and connected to before each test. */
public final class OwnRedis
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final String[] options;
  private @Nullable Path folder;
  private @Nullable RedisServer server;
  private @Nullable Redis connection;

  /**
   * One that is not started yet.
   *
   * @param options as {@link RedisServer#start} has them
   */
  public OwnRedis(String... options) {
    this.options = options;
  }

  public RedisServer server() {
    return Objects.requireNonNull(server);
  }

  /** The program's own client. */
  public Redis connection() {
    return Objects.requireNonNull(connection);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("redis");
    server = RedisServer.start(folder, options);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    server().clear();
    connection = new Redis(server().address());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.close();
    }
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(folder))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
