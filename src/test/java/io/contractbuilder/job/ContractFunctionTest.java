package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Status;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionSpecs;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContractFunctionTest {
  private static final ChainIdentity CHAIN = new ChainIdentity("s", "i", "d", "e");
  private static final String IMAGE = "registry/customer-contracts@sha256:0";

  @Test
  void isTheFunctionThatTheChainDeploys() {
    FunctionSpec spec =
        spec(contract("node", List.of("index.js", "--mode"), Map.of("RATE", "3")), CHAIN, "0.2.1");

    assertThat(spec.service()).isEqualTo("contract-" + Tasks.ID);
    assertThat(spec.image()).isEqualTo(IMAGE);
    assertThat(spec.envProcess()).isEqualTo("node index.js --mode");
    assertThat(spec.secrets())
        .containsExactly("sc-" + Tasks.ID + "-api-token", "sc-" + Tasks.ID + "-secret-key");
    assertThat(spec.limits()).isEqualTo(Map.of("cpu", "0.50", "memory", "600M"));
    assertThat(spec.requests()).isEqualTo(Map.of("cpu", "0.1", "memory", "600M"));
    assertThat(spec.labels())
        .isEqualTo(
            Map.of(
                "com.openfaas.scale.min", "1",
                "com.openfaas.scale.max", "20",
                "com.openfaas.scale.factor", "20",
                "com.dragonchain.id", "i",
                "com.openfaas.fwatchdog.version", "0.2.1"));
    var env = new LinkedHashMap<String, String>();
    env.put("read_timeout", "60s");
    env.put("write_timeout", "60s");
    env.put("write_debug", "true");
    env.put("combine_output", "false");
    env.put("RATE", "3");
    env.put("STAGE", "s");
    env.put("INTERNAL_ID", "i");
    env.put("DRAGONCHAIN_ID", "d");
    env.put("DRAGONCHAIN_ENDPOINT", "e");
    env.put("SMART_CONTRACT_ID", Tasks.ID.value());
    env.put("SMART_CONTRACT_NAME", "currency");
    assertThat(spec.envVars()).isEqualTo(env);
  }

  @Test
  void isSentByteForByteAsTheFormatsSay() {
    var own = new LinkedHashMap<String, String>();
    own.put("RATE", "3");
    own.put("write_timeout", "5s");
    own.put("INTERNAL_ID", "mine");
    own.put("GREETING", "gr\u00fc\u00df \"dich\"");
    FunctionSpec spec = spec(contract("node", List.of("index.js", "--mode"), own), CHAIN, "0.2.1");

    assertThat(Json.text(FunctionSpecs.toJson(spec)))
        .isEqualTo(
            """
            {"service":"contract-<id>","image":"registry/customer-contracts@sha256:0",\
            "envProcess":"node index.js --mode",\
            "envVars":{"read_timeout":"60s","write_timeout":"5s","write_debug":"true",\
            "combine_output":"false","RATE":"3","INTERNAL_ID":"i",\
            "GREETING":"gr\\u00fc\\u00df \\"dich\\"","STAGE":"s","DRAGONCHAIN_ID":"d",\
            "DRAGONCHAIN_ENDPOINT":"e","SMART_CONTRACT_ID":"<id>",\
            "SMART_CONTRACT_NAME":"currency"},\
            "secrets":["sc-<id>-api-token","sc-<id>-secret-key"],\
            "labels":{"com.openfaas.scale.min":"1","com.openfaas.scale.max":"20",\
            "com.openfaas.scale.factor":"20","com.dragonchain.id":"i",\
            "com.openfaas.fwatchdog.version":"0.2.1"},\
            "limits":{"cpu":"0.50","memory":"600M"},\
            "requests":{"cpu":"0.1","memory":"600M"}}"""
                .replace("<id>", Tasks.ID.value()));
  }

  @Test
  void theContractsOwnVariablesWinOverDefaultsAndTheInjectedOnesOverThose() {
    FunctionSpec spec =
        spec(
            contract("node", List.of(), Map.of("read_timeout", "5s", "STAGE", "mine")), CHAIN, "1");

    assertThat(spec.envVars()).containsEntry("read_timeout", "5s").containsEntry("STAGE", "s");
  }

  @Test
  void aStoredVariableThatWouldReplaceTheCommandLineIsNotPassedOn() {
    FunctionSpec spec =
        spec(
            contract("node", List.of(), Map.of("fprocess", "sh", "fprocess_argv", "[\"sh\"]")),
            CHAIN,
            "1");

    assertThat(spec.envVars()).doesNotContainKeys("fprocess", "fprocess_argv");
  }

  @Test
  void theCommandLineIsWhatTheChainWouldMakeOfIt() {
    Contract contract = contract("node  index.js", List.of("a"), Map.of());

    assertThat(spec(contract, CHAIN, "1").envProcess()).isEqualTo("node  index.js a");
    assertThat(argv("node  index.js", List.of("a"))).isEqualTo("[\"node\",\"index.js\",\"a\"]");
  }

  @Test
  void labelsAreWhatKubernetesTakes() {
    FunctionSpec digest =
        spec(contract("node", List.of(), Map.of()), CHAIN, "sha256:" + "0".repeat(64));
    FunctionSpec none = spec(contract("node", List.of(), Map.of()), ChainIdentity.NONE, "-a-");

    assertThat(digest.labels().get("com.openfaas.fwatchdog.version"))
        .hasSize(63)
        .startsWith("sha256-000");
    assertThat(none.labels())
        .containsEntry("com.dragonchain.id", "")
        .containsEntry("com.openfaas.fwatchdog.version", "a");
  }

  @Test
  void onlyACommandLineThatAJoinWouldCorruptIsCarriedAsAnArray() {
    assertThat(argv("node", List.of("a", "b\tc", "d\"e"))).isNull();
    assertThat(argv("node index.js", List.of("a"))).isNull();
    assertThat(argv("node", List.of("a b"))).isEqualTo("[\"node\",\"a b\"]");
    assertThat(argv("node index.js", List.of("", "é")))
        .isEqualTo("[\"node\",\"index.js\",\"\",\"\\u00e9\"]");
  }

  private static @org.jspecify.annotations.Nullable String argv(String cmd, List<String> args) {
    return ContractFunction.spec(contract(cmd, args, Map.of()), IMAGE, "1", true, CHAIN)
        .envVars()
        .get("fprocess_argv");
  }

  private static FunctionSpec spec(Contract contract, ChainIdentity chain, String watchdog) {
    return ContractFunction.spec(contract, IMAGE, watchdog, false, chain);
  }

  private static Contract contract(String cmd, List<String> args, Map<String, String> env) {
    return new Contract(
        Tasks.TYPE,
        Tasks.ID,
        new Status(ContractState.ACTIVE, "", Instant.EPOCH),
        "docker.io/acme/currency:1",
        null,
        null,
        cmd,
        args,
        env,
        List.of("API-Token", "secret-key"),
        null,
        ExecutionOrder.SERIAL);
  }
}
