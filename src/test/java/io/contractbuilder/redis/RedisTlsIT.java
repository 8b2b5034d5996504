package io.contractbuilder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contractbuilder.contract.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a private authority, and everything that is wrong about it. */
class RedisTlsIT {
  /** Tries for a short while what is refused; a slow machine's answer is waited for. */
  private static final RedisLimits SHORT =
      new RedisLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMillis(200),
          Duration.ofMillis(20));

  private static final RedisLimits IMPATIENT =
      new RedisLimits(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(200),
          Duration.ofMillis(20));

  @Test
  void answersWhereItsAuthorityIsTrusted() {
    try (var redis = new Redis(address(new RedisTls(authority())))) {
      assertThat(redis.version()).startsWith("Redis ");
    }
  }

  @Test
  void isNotTrustedWithoutItsAuthority() {
    RedisException e = failure(address(new RedisTls(null)));

    assertThat(e.answer()).startsWith("TLS failed (");
    assertThat(e.remedy()).contains("CONTRACT_BUILDER_REDIS_CA");
    assertThat(e.retryHelps()).isFalse();
  }

  @Test
  void aNameThatItsCertificateDoesNotHoldIsRefused(@TempDir Path folder) {
    int port = RedisServer.freePort();
    String certificate = authority().resolveSibling("server.pem").toString();
    String key = authority().resolveSibling("server.key").toString();
    try (var _ =
        RedisServer.start(
            folder,
            "--bind 127.0.0.1 127.0.0.2 --tls-auth-clients no --tls-port " + port,
            "--tls-cert-file " + certificate,
            "--tls-key-file " + key,
            "--tls-ca-cert-file " + authority())) {
      var tls = new RedisTls(authority());
      try (var redis = new Redis(at("127.0.0.1", port, tls), SHORT)) {
        assertThat(redis.version()).startsWith("Redis ");
      }
      assertThat(failure(at("127.0.0.2", port, tls)).answer())
          .startsWith("TLS failed")
          .contains("127.0.0.2");
    }
  }

  @Test
  void plainTcpToOneThatSpeaksTlsIsNamed() {
    RedisException e = failure(address(null));

    assertThat(e.answer()).startsWith("the connection broke");
    assertThat(e.remedy()).contains("TLS");
  }

  @Test
  void tlsToOneThatSpeaksPlainTcpIsNamed() {
    String[] plain = variable("PARTS_REDIS").split(":", -1);

    RedisAddress address = at(plain[0], Integer.parseInt(plain[1]), new RedisTls(authority()));
    RedisException e = failure(address, IMPATIENT);

    assertThat(e.answer()).isEqualTo("no answer to the TLS handshake");
    assertThat(e.remedy()).contains("CONTRACT_BUILDER_REDIS_TLS");
  }

  @Test
  void anAuthorityThatIsNotThereOrNoneIsNamed(@TempDir Path folder) throws IOException {
    Path absent = folder.resolve("absent.pem");
    assertThat(failure(address(new RedisTls(absent))).answer())
        .contains("NoSuchFileException", absent.toString());

    Path none = Files.writeString(folder.resolve("none.pem"), "-----BEGIN CERTIFICATE-----\nno\n");
    assertThat(failure(address(new RedisTls(none))).answer())
        .isEqualTo("the CA in " + none + " cannot be used");
  }

  private static RedisException failure(RedisAddress address) {
    return failure(address, SHORT);
  }

  private static RedisException failure(RedisAddress address, RedisLimits limits) {
    try (var redis = new Redis(address, limits)) {
      return catchThrowableOfType(RedisException.class, redis::version);
    }
  }

  private static RedisAddress at(String host, int port, RedisTls tls) {
    return new RedisAddress(host, port, tls, null, () -> null);
  }

  private static RedisAddress address(@Nullable RedisTls tls) {
    String[] parts = variable("PARTS_REDIS_TLS").split(":", -1);
    var password = new Secret(variable("PARTS_REDIS_TLS_PASSWORD"));
    return new RedisAddress(parts[0], Integer.parseInt(parts[1]), tls, null, () -> password);
  }

  private static Path authority() {
    return Path.of(variable("PARTS_CA"));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    Assumptions.assumeTrue(
        value != null && !value.isEmpty(), name + " is not set: run this beside parts/run");
    return String.valueOf(value);
  }
}
