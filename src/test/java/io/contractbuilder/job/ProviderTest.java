package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractState;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FaultyGateway;
import io.contractbuilder.openfaas.FaultyGateway.Fault;
import io.contractbuilder.openfaas.FunctionSpecs;
import io.contractbuilder.openfaas.HttpFunctionGateway;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs on a provider that is played, with the real client. */
class ProviderTest {
  private static final String FUNCTION = "contract-" + Tasks.ID;

  private final World world = new World();
  private FaultyGateway gateway = FaultyGateway.faasNetes();
  private HttpFunctionGateway client = gateway.client();

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private void create() {
    world.gateway = client;
    assertThat(world.run(Tasks.create(), "create")).isInstanceOf(Outcome.Done.class);
  }

  /** What was sent to deploy functions, last first. */
  private List<String> bodies(String method) {
    return gateway.requests().reversed().stream()
        .filter(r -> r.method().equals(method) && r.target().getPath().equals("/system/functions"))
        .map(FaultyGateway.Request::body)
        .toList();
  }

  private String stored() {
    return Json.text(
        FunctionSpecs.toJson(Objects.requireNonNull(world.documents().functionSpec(Tasks.ID))));
  }

  @Test
  void whatIsStoredIsWhatWasSentWithItsLabelsLowered() {
    create();
    assertThat(stored())
        .isEqualTo(bodies("POST").getFirst())
        .contains("\"com.openfaas.scale.max\":\"5\"");
    assertThat(world.told).anyMatch(line -> line.contains("lowered from 20 to 5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crashes", "never-pulls"})
  void anUpdateWhoseNewVersionNeverServesIsRolledBackByAnotherPut(String mode) {
    create();
    String former = stored();

    Outcome outcome = world.run(Tasks.update().env("MODE", mode).task(), "update");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(bodies("PUT")).hasSize(2);
    assertThat(bodies("PUT").getFirst()).isEqualTo(former).isEqualTo(stored());
    assertThat(bodies("DELETE")).as("it would cost the running version").isEmpty();
    var contract = Objects.requireNonNull(world.documents().find(Tasks.ID));
    assertThat(contract.status().state()).isEqualTo(ContractState.ACTIVE);
    assertThat(contract.status().message())
        .startsWith("Contract update failed: ")
        .contains(mode.equals("crashes") ? "/data/model: no such file" : "never wrote a line");
    assertThat(client.invoke(FUNCTION, new byte[0], java.util.Map.of()).status()).isEqualTo(200);
  }

  @Test
  void anUpdateThatTheProviderDoesNothingAboutChangesNothing() {
    create();
    gateway.fail(Fault.EMPTY_200, "PUT", "/system/functions", 8);
    Outcome outcome = world.run(Tasks.update().env("MODE", "other").task(), "update");
    assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    assertThat(bodies("PUT")).as("nothing to put back").hasSize(8);
    assertThat(bodies("DELETE")).isEmpty();
    assertThat(client.invoke(FUNCTION, new byte[0], java.util.Map.of()).status()).isEqualTo(200);
  }

  @Test
  void anUpdateOnFaasdWhoseSecretIsMissingLeavesNothingBehind() {
    client.close();
    gateway.close();
    gateway = FaultyGateway.faasd();
    client = gateway.client();
    create();
    client.deleteSecret("sc-" + Tasks.ID + "-api-token");
    Outcome outcome = world.run(Tasks.update().env("MODE", "other").task(), "update");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.leftovers()).isEmpty());
    assertThat(bodies("PUT")).isEmpty();
  }

  @Test
  void aDeletedContractsNameIsFreeForTheNextAlthoughItsPodsTakeTheirTime() {
    create();
    assertThat(world.run(Tasks.delete(), "delete")).isInstanceOf(Outcome.Done.class);
    assertThat(client.function(FUNCTION)).isNull();
    assertThat(client.secretNames()).isEmpty();
  }
}
