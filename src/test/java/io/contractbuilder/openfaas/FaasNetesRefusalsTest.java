package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway.Answer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of faas-netes in which it refuses, and the ones in which something is away. */
class FaasNetesRefusalsTest extends PlayedGateway<FaasNetes> {
  private static final String FUNCTIONS = "10-faas-netes-2-functions.txt";

  FaasNetesRefusalsTest() {
    super(new FaasNetes());
    provider.secrets.add("s1");
  }

  private static void refused(
      ThrowingCallable call, String answer, String remedy, boolean retryHelps) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            GatewayException.class,
            e -> {
              assertThat(e.answer()).contains(answer);
              assertThat(e.remedy()).contains(remedy);
              assertThat(e.retryHelps()).as("retry helps").isEqualTo(retryHelps);
            });
  }

  private long count(String call) {
    return gateway.calls().stream().filter(call::equals).count();
  }

  @Test
  void oneFunctionTooManyIsRefusedWithTheRemedy() {
    for (int i = 0; i < 30; i++) {
      provider.functions.put("other" + i, new Rollout("other" + i, Json.object()));
    }
    refused(
        () -> client.deploy(function("good:1")),
        "unable to create function, maximum: 30",
        "OpenFaaS Community Edition takes no more functions than that: delete functions",
        false);
    assertThat(count("POST /system/functions")).isEqualTo(1);
  }

  /** Said by the source of the releases 0.17.5, 0.18.10 and 0.18.17, not captured. */
  @ParameterizedTest
  @CsvSource({
    "'unable to create function, maximum: 15, visit https://openfaas.com/pricing', no more functions",
    "'the Community Edition license agreement only supports public images', without credentials",
    "'the Community Edition license agreement only allows public images', without credentials"
  })
  void limitsOfLaterReleasesAreRefusedWithTheRemedy(String words, String remedy) {
    gateway.say(new Answer(400, words), "POST", "/system/functions", 1);
    refused(() -> client.deploy(function("registry.example:5000/good:1")), words, remedy, false);
  }

  @ParameterizedTest
  @CsvSource({
    "dev, faas-netes-ce, true",
    "0.17.6, faas-netes-ce, true",
    "0.18.0, faas-netes-ce, false",
    "v0.18.17, faas-netes-ce, false",
    "1.0.0, faas-netes-ce, false",
    "0.18.17, faas-netes, true"
  })
  void privateImagesAreRefusedEarlyWhereTheReleaseSaysThatTheyWillBe(
      String release, String name, boolean taken) {
    provider.release = release;
    provider.name = name;
    client.checkTakes("good", () -> true);
    if (taken) {
      client.checkTakes("good", () -> false);
    } else {
      refused(
          () -> client.checkTakes("good", () -> false),
          release,
          "Let everybody read there, or use",
          false);
    }
    assertThat(gateway.calls()).doesNotContain("POST /system/functions");
  }

  @ParameterizedTest
  @CsvSource({"dev, 30", "0.17.4, 30", "0.17.5, 15", "v0.18.17, 15", "1.0.0, 15"})
  void oneFunctionTooManyIsRefusedEarly(String release, int most) {
    provider.release = release;
    for (int i = 0; i < most; i++) {
      provider.functions.put("other" + i, new Rollout("other" + i, Json.object()));
    }
    client.checkTakes("other0", () -> true);
    refused(
        () -> client.checkTakes("good", () -> true),
        "takes at most " + most + " functions, and has " + most,
        "Delete functions that are not needed",
        false);
  }

  @Test
  void labelsThatAreTooHighAreLoweredThoughTheProviderHasAnotherName() {
    provider.name = "faas-netes";
    Deployment deployment = client.deploy(function("good:1"));
    assertThat(deployment.spec().labels()).containsEntry("com.openfaas.scale.max", "5");
    assertThat(deployment.warnings()).singleElement().asString().contains("from 20 to 5");
    client.awaitReady(deployment, LIMIT);
    Deployment update = client.deploy(function("good:2"));
    assertThat(update.spec().labels()).containsEntry("com.openfaas.scale.max", "5");
    assertThat(update.warnings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bad Name", "F1", "f_1", "f.1", "-f"})
  void aNameThatIsRefusedIsNotTriedAgain(String name) {
    refused(
        () -> client.deploy(named(name)),
        "service: (" + name + ") is invalid, must be a valid DNS entry",
        "Change what the provider does not take",
        false);
    assertThat(count("POST /system/functions")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy name of 64 characters",
        "deploy name that begins with a digit",
        "deploy requests above limits",
        "deploy label value with a space",
        "deploy annotation key with a space"
      })
  void whatKubernetesRefusesIsNotTriedAgain(String title) {
    gateway.say(Transcript.of(FUNCTIONS).answer(title), "POST", "/system/functions", 1);
    refused(() -> client.deploy(function("good:1")), " is invalid", "does not take", false);
  }

  @Test
  void aQuantityThatIsNoneIsRefusedWithTheReason() {
    refused(() -> client.deploy(withCpu("lots")), "quantities must match", "does not take", false);
  }

  @Test
  void anUpdateThatIsAnswered200EmptyIsExplainedByWhatAPostIsTold() {
    deployed("good:1");
    refused(() -> client.deploy(withCpu("lots")), "quantities must match", "not take", false);
    assertThat(count("PUT /system/functions")).isEqualTo(8);
    assertThat(count("POST /system/functions")).as("the first, and the question").isEqualTo(2);
    // The one that serves goes on.
    deployed("good:1");
  }

  @Test
  void anUpdateWhoseSecretIsMissingChangesNothing() {
    deployed("good:1");
    provider.secrets.clear();
    refused(
        () -> client.deploy(function("good:2")),
        "secrets \"s1\" not found",
        "a secret that the provider does not have",
        false);
    FunctionStatus status = client.function("f1");
    assertThat(status).isNotNull();
    assertThat(status.image()).isEqualTo("good:1");
  }

  @Test
  void aSecretThatGoesBetweenPostAndPutIsPostedAgain() {
    Answer exists =
        Transcript.of("10-faas-netes-1-info-and-secrets.txt").answer("secret create existing");
    provider.secrets.clear();
    gateway.say(exists, "POST", "/system/secrets", 1);
    client.putSecret("s1", new Secret("v"));
    assertThat(gateway.calls())
        .containsExactly("POST /system/secrets", "PUT /system/secrets", "POST /system/secrets");
    assertThat(provider.secrets).contains("s1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "Key", "a_b"})
  void aSecretsNameThatIsRefusedIsSaidWithWhatIsAllowed(String name) {
    refused(
        () -> client.putSecret(name, new Secret("v")), "HTTP 422", "Check that the name", false);
  }

  @Test
  void aFunctionThatGoesBeforeItsUpdateIsDeployed() {
    deployed("good:1");
    Answer missing = Transcript.of(FUNCTIONS).answer("update nonexisting");
    gateway.say(missing, "PUT", "/system/functions", 1);
    deployed("good:2");
    FunctionStatus status = client.function("f1");
    assertThat(status).isNotNull();
    assertThat(status.image()).isEqualTo("good:2");
  }

  @Test
  void aCallOfAFunctionThatIsNotReadyGivesTheGatewaysAnswer() {
    client.deploy(function("crashes:1"));
    Invocation answer = client.invoke("f1", new byte[0], java.util.Map.of());
    assertThat(answer.status()).isEqualTo(503);
  }

  @Test
  void noCallNamesANamespaceAsProvidersReadItInDifferentPlaces() {
    deployed("good:1");
    client.putSecret("s1", new Secret("v"));
    client.deleteSecret("s1");
    client.logs("f1", 1);
    client.deleteFunction("f1");
    assertThat(gateway.requests())
        .allSatisfy(
            request -> {
              assertThat(request.target().toString()).doesNotContain("namespace");
              assertThat(request.body()).doesNotContain("namespace");
            });
  }

  @Test
  void aProviderThatIsDownIsSaidToBe() {
    provider.outage = Outage.PROVIDER_DOWN;
    refused(client::info, "names no provider", "is down", true);
    refused(client::secretNames, "HTTP 502", "down or starting", true);
    refused(() -> client.function("f1"), "HTTP 502", "down or starting", true);
    refused(() -> client.logs("f1", 1), "names no provider", "is down", true);
    refused(
        () -> client.invoke("f1", new byte[0], java.util.Map.of()),
        "connection refused",
        "is down",
        true);
    refused(() -> client.deleteFunction("f1"), "HTTP 502", "down or starting", true);
  }

  @Test
  void aKubernetesApiThatIsAwayIsNotSaidToBeAMissingSecret() {
    provider.outage = Outage.NO_KUBERNETES_API;
    refused(
        () -> client.deploy(function("good:1")),
        "unable to fetch secrets: Get",
        "cannot reach the Kubernetes API",
        true);
    refused(() -> client.putSecret("s1", new Secret("v")), "HTTP 500", "", true);
    refused(() -> client.deleteSecret("s1"), "HTTP 500", "run it again", true);
    refused(() -> client.deleteFunction("f1"), "connection refused", "", true);
  }

  @Test
  void anUpdateWhileTheKubernetesApiIsAwayIsNotTakenForDone() {
    deployed("good:1");
    provider.outage = Outage.NO_KUBERNETES_API;
    // The log cannot be read: the new version could not be told from the old one.
    refused(() -> client.deploy(function("good:2")), "it is empty", "Nothing was changed", true);
    gateway.say(new Answer(200, logOf("f1-1")), "GET", "/system/logs", 100);
    refused(
        () -> client.deploy(function("good:2")),
        "unable to fetch secrets: Get",
        "cannot reach the Kubernetes API",
        true);
  }

  private static String logOf(String pod) {
    return "{\"instance\":\"%s\",\"timestamp\":\"2026-11-21T03:25:03Z\",\"text\":\"up\"}\n"
        .formatted(pod);
  }

  @Test
  void missingPermissionsAreSaidToBe() {
    provider.outage = Outage.SECRETS_FORBIDDEN;
    refused(() -> client.putSecret("s1", new Secret("v")), "HTTP 403", "RBAC", false);
    refused(() -> client.deleteSecret("s1"), "HTTP 403", "RBAC", false);
    refused(client::secretNames, "HTTP 403", "RBAC", false);
    refused(() -> client.deploy(function("good:1")), "is forbidden", "RBAC", false);
  }

  @Test
  void missingPermissionsAreFoundOutAboutAnUpdateToo() {
    deployed("good:1");
    provider.outage = Outage.SECRETS_FORBIDDEN;
    refused(() -> client.deploy(function("good:2")), "is forbidden", "RBAC", false);
  }

  @Test
  void aPodThatTakesItsGraceToGoIsWaitedForBeforeItsNameIsUsedAgain() {
    deployed("good:1");
    provider.deletionTakes = 31 * 2;
    provider.functions.values().forEach(rollout -> rollout.goneIn = 31 * 2);
    deployed("good:2");
    FunctionStatus status = client.function("f1");
    assertThat(status).isNotNull();
    assertThat(status.image()).isEqualTo("good:2");
  }

  @Test
  void aPodThatNeverGoesIsGivenUpAfterAMinute() {
    deployed("good:1");
    provider.functions.values().forEach(rollout -> rollout.goneIn = 10_000);
    refused(() -> client.deploy(function("good:2")), "", "pods do not end", true);
    assertThat(gateway.waited().toSeconds()).isBetween(55L, 75L);
  }

  @Test
  void aLogLineThatIsCutShortIsLeftOut() {
    gateway.say(
        new Answer(200, logOf("f1-1") + "{\"name\":\"f1\",\"inst"), "GET", "/system/logs", 1);
    assertThat(client.logs("f1", 5)).extracting(LogLine::text).containsExactly("up");
  }
}
