package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.local.LocalPlatform;
import io.contractbuilder.local.PlatformOptions;
import io.contractbuilder.local.TarImages;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded gateway behind a connection that fails in each way. */
class EmbeddedGatewayFaultsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @SuppressWarnings("NullAway.Init")
  private LocalPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private FaultyGateway gateway;

  @SuppressWarnings("NullAway.Init")
  private HttpFunctionGateway client;

  /** A platform that has no function, so its runtime never runs. */
  @BeforeEach
  void start() throws IOException {
    Path programs = Files.createDirectories(temp.resolve("bin"));
    Path runtime = programs.resolve("bwrap");
    Files.writeString(runtime, "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
    platform =
        LocalPlatform.start(
            PlatformOptions.in(temp.resolve("state")).withRuntime("bwrap"),
            new TarImages(),
            r -> null,
            Map.of("PARTS_BIN", programs.toString()));
    gateway = FaultyGateway.inFrontOf(platform.gateway());
    client =
        new HttpFunctionGateway(
            gateway.uri(), platform.user(), platform.password(), p -> {}, InstantSource.system());
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
    platform.close();
  }

  @Test
  void whatIsAskedIsPassedOnWithItsPassword() {
    assertThat(client.info().provider()).isEqualTo("contract-builder");
    client.putSecret("s1", new Secret("v"));
    assertThat(client.secretNames()).containsExactly("s1");
    assertThat(client.function("f1")).isNull();
    assertThat(client.deleteFunction("f1")).isFalse();
    assertThat(client.deleteSecret("s1")).isTrue();
    assertThat(client.deleteSecret("s1")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET_AFTER_DONE", "CUT_SHORT", "STATUS_502", "STATUS_503"})
  void whatPassesIsRepeated(Fault fault) {
    gateway.fail(fault, "POST", "/system/secrets", 2);
    client.putSecret("s1", new Secret("v"));
    assertThat(client.secretNames()).containsExactly("s1");
  }

  @Test
  void aSlowAnswerIsWaitedFor() {
    gateway.delay(Duration.ofMillis(100), "GET", "/system/secrets", 1);
    assertThat(client.secretNames()).isEmpty();
    assertThat(gateway.calls()).hasSize(1);
  }

  @Test
  void whatLastsIsAnErrorThatMayPass() {
    gateway.fail(Fault.STATUS_503, "GET", "/system/function/f1", 100);
    assertThatThrownBy(() -> client.function("f1"))
        .isInstanceOfSatisfying(GatewayException.class, e -> assertThat(e.retryHelps()).isTrue());
  }
}
