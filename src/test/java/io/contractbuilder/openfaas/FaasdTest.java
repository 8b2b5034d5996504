package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rows of faasd: what it answers, and what the client makes of it. */
class FaasdTest extends PlayedGateway<Faasd> {
  FaasdTest() {
    super(new Faasd());
    provider.secrets.add("s1");
  }

  @Test
  void aSecretIsOverwrittenByPost() {
    client.putSecret("s1", new Secret("v"));
    assertThat(gateway.calls()).containsExactly("POST /system/secrets");
  }

  @Test
  void aMissingSecretIsDeletedThoughFaasdAnswers500() {
    assertThat(client.deleteSecret("s1")).isTrue();
    assertThat(client.deleteSecret("s1")).isFalse();
    assertThat(gateway.calls()).as("the 500 is not repeated").hasSize(2);
  }

  @Test
  void aNewFunctionIsPostedWithAllItsLabels() {
    Deployment deployment = client.deploy(function("good:1"));
    client.awaitReady(deployment, LIMIT);
    assertThat(deployment.warnings()).isEmpty();
    assertThat(deployment.spec().labels()).containsEntry("com.openfaas.scale.max", "20");
  }

  @Test
  void anExistingFunctionIsPut() {
    client.deploy(function("good:1"));
    client.awaitReady(client.deploy(function("good:2")), LIMIT);
    FunctionStatus status = client.function("f1");
    assertThat(status).isNotNull();
    assertThat(status.image()).isEqualTo("good:2");
    assertThat(gateway.calls()).contains("PUT /system/functions");
  }

  @Test
  void anUpdateThatLeftTheFunctionBrokenIsRepairedByDeployingAnew() {
    client.deploy(function("good:1"));
    provider.stuckUpdates = 1;
    client.deploy(function("good:2"));
    assertThat(provider.functions).containsKey("f1");
    assertThat(gateway.calls())
        .containsSubsequence(
            "PUT /system/functions", "DELETE /system/functions", "POST /system/functions");
  }

  @Test
  void anUpdateToAnImageThatCannotBePulledFailsWithTheReason() {
    client.deploy(function("good:1"));
    assertThatThrownBy(() -> client.deploy(function("127.0.0.1:5000/missing:2")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("unable to pull image");
              assertThat(e.remedy()).contains("127.0.0.1:5000");
            });
    // faasd has deleted it: what served before can be deployed again.
    client.awaitReady(client.deploy(function("good:1")), LIMIT);
  }

  @Test
  void anImageThatCannotBePulledFailsWithTheReason() {
    assertThatThrownBy(() -> client.deploy(function("127.0.0.1:5000/missing:1")))
        .hasMessageContaining("failed to resolve reference");
  }

  @Test
  void aFunctionThatEndsIsToldAtOnce() {
    Deployment deployment = client.deploy(function("silent-exit:1"));
    assertThatThrownBy(() -> client.awaitReady(deployment, LIMIT))
        .hasMessageContaining("it ended, and wrote nothing");
    assertThat(gateway.waited()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void theLinesOfAnUpdateThatEndsAreNotThoseOfTheVersionBefore() {
    deployed("good:1");
    Deployment update = client.deploy(function("exit:2"));
    assertThatThrownBy(() -> client.awaitReady(update, LIMIT))
        .hasMessageContaining(
            "it ended; its last lines: Writing lock-file to: /tmp/.lock of exit:2")
        .message()
        .doesNotContain("good:1");
    Deployment silent = client.deploy(function("silent-exit:3"));
    assertThatThrownBy(() -> client.awaitReady(silent, LIMIT))
        .hasMessageContaining("it ended, and wrote nothing");
  }

  @Test
  void theLastLinesAreTheLastAlthoughFaasdsTailIsTheOldest() {
    deployed("good:1");
    deployed("good:2");
    deployed("good:3");
    assertThat(client.logs("f1", 1))
        .extracting(LogLine::text)
        .containsExactly("Writing lock-file to: /tmp/.lock of good:3");
    assertThat(client.logs("none", 1)).isEmpty();
  }

  @Test
  void anImageThatCannotBeStartedFailsWithTheReason() {
    assertThatThrownBy(() -> client.deploy(function("noexec:1")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("/nonexistent: no such file or directory");
              assertThat(e.remedy()).contains("keeps the image from starting");
              assertThat(e.retryHelps()).isFalse();
            });
  }

  @Test
  void anUpdateThatCannotBeStartedIsRolledBackByDeployingTheFormer() {
    deployed("good:1");
    assertThatThrownBy(() -> client.deploy(function("noexec:2")))
        .hasMessageContaining("unable to start task");
    deployed("good:1");
    assertThat(provider.stopped).isEmpty();
  }

  @Test
  void anUpdateWhoseSecretIsMissingIsNotBegun() {
    deployed("good:1");
    provider.secrets.clear();
    assertThatThrownBy(() -> client.deploy(function("good:2")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("s1");
              assertThat(e.remedy()).contains("Nothing was changed");
            });
    assertThat(gateway.calls()).doesNotContain("PUT /system/functions");
    assertThat(provider.stopped).as("the function goes on").isEmpty();
  }

  @Test
  void anUpdateWhoseSecretGoesMeanwhileLeavesNothingBroken() {
    deployed("good:1");
    provider.losesSecrets = true;
    assertThatThrownBy(() -> client.deploy(function("good:2")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("unable to find secret: s1");
              assertThat(e.remedy()).contains("secret");
            });
    assertThat(gateway.calls())
        .containsSubsequence(
            "PUT /system/functions", "DELETE /system/functions", "POST /system/functions");
    provider.losesSecrets = false;
    provider.secrets.add("s1");
    deployed("good:1");
  }

  @Test
  void anUpdateThatIsRefusedBeforeAnythingWasStoppedLeavesTheFunctionAlone() {
    deployed("good:1");
    FaultyGateway.Answer refused = Transcript.of("2-functions.txt").answer("deploy bad ns");
    gateway.say(refused, "PUT", "/system/functions", 100);
    assertThatThrownBy(() -> client.deploy(function("good:2")))
        .hasMessageContaining("namespace not valid");
    assertThat(gateway.calls()).doesNotContain("DELETE /system/functions");
  }

  @Test
  void aNameThatIsRefusedIsNotTriedAgain() {
    assertThatThrownBy(() -> client.deploy(named("Bad Name")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("must match");
              assertThat(e.retryHelps()).isFalse();
            });
    assertThat(gateway.calls()).filteredOn("POST /system/functions"::equals).hasSize(1);
  }

  @Test
  void aSecretWithAPathInItsNameIsRefused() {
    assertThatThrownBy(() -> client.putSecret("a/b", new Secret(CANARY)))
        .hasMessageContaining("directory traversal");
  }

  @Test
  void aMissingSecretIsNamed() {
    provider.secrets.clear();
    assertThatThrownBy(() -> client.deploy(function("good:1")))
        .hasMessageContaining("unable to find secret: s1");
  }

  @Test
  void deletingIsDoneAtOnceAndAMissingFunctionIsNoError() {
    client.deploy(function("good:1"));
    assertThat(client.deleteFunction("f1")).isTrue();
    assertThat(client.deleteFunction("f1")).isFalse();
  }

  @Test
  void aProviderThatIsDownIsSaidToBe() {
    provider.down = true;
    assertThatThrownBy(client::info)
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.remedy()).contains("is down");
              assertThat(e.retryHelps()).isTrue();
            });
  }
}
