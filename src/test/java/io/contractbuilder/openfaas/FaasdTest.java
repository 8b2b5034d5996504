package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
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
