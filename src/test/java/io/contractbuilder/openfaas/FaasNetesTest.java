package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of faas-netes: what it answers, and what the client makes of it. */
class FaasNetesTest extends PlayedGateway<FaasNetes> {
  FaasNetesTest() {
    super(new FaasNetes());
    provider.secrets.add("s1");
  }

  @Test
  void infoNamesTheCommunityEdition() {
    assertThat(client.info().isCommunityEdition()).isTrue();
    assertThat(client.info().rollsOver()).isTrue();
    assertThat(gateway.calls()).as("asked once").hasSize(1);
  }

  @Test
  void theVersionIsSaidForPeople() {
    provider.release = "0.18.17";
    assertThat(client.version()).isEqualTo("OpenFaaS, faas-netes-ce 0.18.17 on kubernetes");
  }

  @Test
  void aNewSecretIsPosted() {
    client.putSecret("s2", new Secret("v"));
    assertThat(provider.secrets).contains("s2");
    assertThat(gateway.calls()).containsExactly("POST /system/secrets");
  }

  @Test
  void anExistingSecretIsPutAfterThe409() {
    client.putSecret("s1", new Secret("v"));
    assertThat(gateway.calls()).containsExactly("POST /system/secrets", "PUT /system/secrets");
  }

  @Test
  void aDeletedSecretIsGoneAndAMissingOneIsNoError() {
    assertThat(client.deleteSecret("s1")).isTrue();
    assertThat(client.deleteSecret("s1")).isFalse();
    assertThat(client.secretNames()).isEmpty();
  }

  @Test
  void aNewFunctionIsPostedAndAwaitedUntilAReplicaAnswers() {
    Deployment deployment = client.deploy(function("good:1"));
    assertThat(client.function("f1")).isNotNull();
    client.awaitReady(deployment, LIMIT);
    FunctionStatus status = client.function("f1");
    assertThat(status).isNotNull();
    assertThat(status.availableReplicas()).isEqualTo(1);
    assertThat(gateway.calls()).contains("GET /function/f1/_/health");
  }

  @Test
  void whatTheCommunityEditionRefusesIsLoweredWithAWarning() {
    Deployment deployment = client.deploy(function("good:1"));
    assertThat(deployment.spec().labels())
        .containsEntry("com.openfaas.scale.max", "5")
        .containsEntry("com.openfaas.scale.min", "1");
    assertThat(deployment.warnings())
        .singleElement()
        .asString()
        .contains("scale.max", "20", "5", "Community Edition");
  }

  @Test
  void aMissingSecretIsNamed() {
    provider.secrets.clear();
    assertThatThrownBy(() -> client.deploy(function("good:1")))
        .hasMessageContaining("unable to fetch secrets: secrets \"s1\" not found");
  }

  @Test
  void whileOneOfItsNameIsBeingDeletedThePostIsRepeated() {
    deployed("good:1");
    client.deleteFunction("f1");
    var dying = new Rollout("f1", Json.object());
    dying.goneIn = 1;
    // The cache that answers GET is behind.
    provider.functions.put("f1", dying);
    provider.cacheBehind = 2;
    int before = gateway.calls().size();

    client.awaitReady(client.deploy(function("good:2")), LIMIT);

    assertThat(client.function("f1")).isNotNull();
    assertThat(gateway.calls().subList(before, gateway.calls().size()))
        .filteredOn("POST /system/functions"::equals)
        .hasSizeGreaterThan(1);
  }

  @Test
  void anUpdateIsDoneWhenTheNewPodServes() {
    deployed("good:1");
    Deployment update = client.deploy(function("good:2"));
    assertThat(update.earlierInstances()).containsExactly("f1-1");
    client.awaitReady(update, LIMIT);
    assertThat(client.logs("f1", 1)).extracting(LogLine::instance).containsExactly("f1-2");
  }

  @Test
  void anUpdateThatIsAnswered200EmptyHasChangedNothingAndIsRepeated() {
    deployed("good:1");
    provider.conflicts = 2;
    client.awaitReady(client.deploy(function("good:2")), LIMIT);
    assertThat(gateway.calls()).filteredOn("PUT /system/functions"::equals).hasSize(3);
  }

  @Test
  void anUpdateThatIsAlwaysAnswered200EmptyFails() {
    deployed("good:1");
    provider.conflicts = 1000;
    assertThatThrownBy(() -> client.deploy(function("good:2")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> assertThat(e.remedy()).contains("accepted it and changed nothing"));
  }

  @Test
  void anUpdateToAnImageThatIsNotPulledFailsThoughTheOldPodAnswers() {
    deployed("good:1");
    Deployment update = client.deploy(function("never-pulls:2"));
    assertThatThrownBy(() -> client.awaitReady(update, LIMIT))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains("never wrote a line", "60 s");
              assertThat(e.remedy()).contains("registry", "never-pulls:2");
            });
    assertThat(client.invoke("f1", new byte[0], java.util.Map.of()).status()).isEqualTo(200);
    // Another PUT repairs it, and nothing was deleted.
    client.awaitReady(client.deploy(function("good:1")), LIMIT);
    assertThat(gateway.calls()).doesNotContain("DELETE /system/functions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crashes:2", "listens-late:2"})
  void anUpdateThatIsStartedAgainAndAgainIsToldBeforeTheTimeOut(String image) {
    deployed("good:1");
    Deployment update = client.deploy(function(image));
    Duration before = gateway.waited();
    assertThatThrownBy(() -> client.awaitReady(update, LIMIT))
        .hasMessageContaining("started again")
        .hasMessageContaining(
            image.contains("crashes") ? "/data/model: no such file" : "Listening");
    assertThat(gateway.waited().minus(before)).isLessThan(Duration.ofSeconds(15));
    // Another PUT repairs it, and nothing was deleted.
    client.awaitReady(client.deploy(function("good:1")), LIMIT);
    assertThat(gateway.calls()).doesNotContain("DELETE /system/functions");
  }

  @Test
  void theLinesOfTheNewPodAreFoundBesideAnOldOneThatWritesMore() {
    deployed("good:1");
    Deployment update = client.deploy(function("crashes:2"));
    // Too short to see it started again.
    assertThatThrownBy(() -> client.awaitReady(update, Duration.ofMillis(30)))
        .hasMessageContaining("does not answer within")
        .hasMessageContaining("cannot open /data/model: no such file");
  }

  @Test
  void whatTheGatewaySaysOfTheFunctionsHealthIsTold() {
    // As the Community Edition 0.18.10 does for all functions where there are too many.
    var disabled =
        new FaultyGateway.Answer(
            405, "Function invocations disabled due to error: the OpenFaaS CE");
    gateway.say(disabled, "GET", "/function/f1/_/health", 1000);
    Deployment first = client.deploy(function("good:1"));
    assertThatThrownBy(() -> client.awaitReady(first, LIMIT))
        .hasMessageContaining("HTTP 405 \"Function invocations disabled");
  }

  @Test
  void aNewFunctionThatCrashesIsToldBeforeTheTimeOut() {
    Deployment first = client.deploy(function("crashes:1"));
    assertThatThrownBy(() -> client.awaitReady(first, LIMIT))
        .hasMessageContaining("cannot open /data/model: no such file");
    assertThat(gateway.waited()).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void anImageThatIsNeverPulledIsAnErrorThatSaysWhatToCheck() {
    Deployment first = client.deploy(function("never-pulls:1"));
    assertThatThrownBy(() -> client.awaitReady(first, LIMIT))
        .hasMessageContaining("was perhaps not pulled");
    // Asked too early, health blocks for up to 101 s.
    assertThat(gateway.calls()).doesNotContain("GET /function/f1/_/health");
  }

  @Test
  void aFunctionThatWasThereThoughTheCacheDidNotShowItIsPut() {
    deployed("good:1");
    provider.cacheBehind = 1;
    Deployment update = client.deploy(function("never-pulls:2"));
    assertThat(gateway.calls())
        .containsSubsequence("POST /system/functions", "PUT /system/functions");
    assertThatThrownBy(() -> client.awaitReady(update, LIMIT))
        .as("the old pod that answers is told apart")
        .hasMessageContaining("never wrote a line");
  }

  @Test
  void aLogThatCannotBeReadForAWhileIsAskedAgainBeforeAnUpdate() {
    deployed("good:1");
    provider.logsAway = 3;
    Deployment update = client.deploy(function("never-pulls:2"));
    assertThat(update.earlierInstances()).containsExactly("f1-1");
    assertThatThrownBy(() -> client.awaitReady(update, LIMIT))
        .hasMessageContaining("never wrote a line");
  }

  @Test
  void nothingIsChangedWhileTheLogCannotBeRead() {
    deployed("good:1");
    provider.logsAway = 1000;
    assertThatThrownBy(() -> client.deploy(function("good:2")))
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.remedy()).contains("Nothing was changed");
              assertThat(e.retryHelps()).isTrue();
            });
    assertThat(gateway.calls()).doesNotContain("PUT /system/functions");
  }

  @Test
  void deletingWaitsUntilThePodsAreGone() {
    deployed("good:1");
    assertThat(client.deleteFunction("f1")).isTrue();
    assertThat(client.function("f1")).isNull();
    assertThat(client.deleteFunction("f1")).isFalse();
  }

  @Test
  void deletingWhatIsBeingDeletedWaitsToo() {
    deployed("good:1");
    provider.functions.values().forEach(f -> f.goneIn = 3);
    assertThat(client.deleteFunction("f1")).isTrue();
    assertThat(provider.functions).isEmpty();
  }

  @Test
  void logsOfAMissingFunctionAreEmpty() {
    assertThat(client.logs("f1", 10)).isEmpty();
  }

  @Test
  void aMissingFunctionCannotBeCalled() {
    assertThatThrownBy(() -> client.invoke("f1", new byte[0], java.util.Map.of()))
        .hasMessageContaining("error finding function f1");
  }

  @Test
  void functionsAreNeverListed() {
    deployed("good:1");
    deployed("good:2");
    client.deleteFunction("f1");
    assertThat(gateway.calls()).doesNotContain("GET /system/functions");
  }
}
