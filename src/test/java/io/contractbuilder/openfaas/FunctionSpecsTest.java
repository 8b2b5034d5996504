package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionSpecsTest {
  /** Fields in the order in which the chain's own builder sent them. */
  private static final String JSON =
      """
      {"service":"contract-8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c",\
      "image":"registry:5000/customer-contracts@sha256:1bdb9b84",\
      "envProcess":"node index.js --mode ledger",\
      "envVars":{"read_timeout":"60s","write_timeout":"60s","write_debug":"true",\
      "combine_output":"false","RATE":"3","a.b-c":"","GREETING":"gr\\u00fc\\u00df = \\"x\\"\\n",\
      "STAGE":"dev","SMART_CONTRACT_NAME":"currency"},\
      "secrets":["sc-8f5f1a3c-api-token","sc-8f5f1a3c-secret-key","sc-8f5f1a3c-auth-key-id"],\
      "labels":{"com.openfaas.scale.min":"1","com.openfaas.scale.max":"MAX",\
      "com.openfaas.scale.factor":"20","com.dragonchain.id":"i1",\
      "com.openfaas.fwatchdog.version":"0.2.3"},\
      "limits":{"cpu":"0.50","memory":"600M"},"requests":{"cpu":"0.1","memory":"600M"}}""";

  private static final String SENT = JSON.replace("MAX", "20");

  private static FunctionSpec spec(Map<String, String> limits) {
    var env = new LinkedHashMap<String, String>();
    env.put("read_timeout", "60s");
    env.put("write_timeout", "60s");
    env.put("write_debug", "true");
    env.put("combine_output", "false");
    env.put("RATE", "3");
    env.put("a.b-c", "");
    env.put("GREETING", "gr\u00fc\u00df = \"x\"\n");
    env.put("STAGE", "dev");
    env.put("SMART_CONTRACT_NAME", "currency");
    var labels = new LinkedHashMap<String, String>();
    labels.put("com.openfaas.scale.min", "1");
    labels.put("com.openfaas.scale.max", "20");
    labels.put("com.openfaas.scale.factor", "20");
    labels.put("com.dragonchain.id", "i1");
    labels.put("com.openfaas.fwatchdog.version", "0.2.3");
    return new FunctionSpec(
        "contract-8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c",
        "registry:5000/customer-contracts@sha256:1bdb9b84",
        "node index.js --mode ledger",
        env,
        List.of("sc-8f5f1a3c-api-token", "sc-8f5f1a3c-secret-key", "sc-8f5f1a3c-auth-key-id"),
        labels,
        limits,
        Map.of("memory", "600M", "cpu", "0.1"));
  }

  private static final FunctionSpec SPEC = spec(Map.of("cpu", "0.50", "memory", "600M"));

  @Test
  void isWrittenByteForByteInTheOrderOfTheFormats() {
    assertThat(Json.text(FunctionSpecs.toJson(SPEC))).isEqualTo(SENT);
  }

  @Test
  void theOrderOfLimitsIsNotThatOfTheirMap() {
    var reversed = new LinkedHashMap<String, String>();
    reversed.put("memory", "600M");
    reversed.put("cpu", "0.50");
    assertThat(Json.text(FunctionSpecs.toJson(spec(reversed)))).isEqualTo(SENT);
  }

  @Test
  void isReadBackAndWrittenTheSameAgain() throws IOException {
    FunctionSpec read = FunctionSpecs.fromJson(Json.read(SENT.getBytes(StandardCharsets.UTF_8)));
    assertThat(read).isEqualTo(SPEC);
    assertThat(Json.text(FunctionSpecs.toJson(read))).isEqualTo(SENT);
  }

  @Test
  void whatIsLoweredStaysInItsPlace() {
    var warnings = new ArrayList<String>();
    FunctionSpec lowered = CommunityEdition.fitted(SPEC, warnings);
    assertThat(Json.text(FunctionSpecs.toJson(lowered))).isEqualTo(JSON.replace("MAX", "5"));
    assertThat(warnings).hasSize(1);
    assertThat(CommunityEdition.fitted(lowered, warnings)).isEqualTo(lowered);
    assertThat(warnings).as("nothing left to lower").hasSize(1);
  }

  @Test
  void whatWasSentIsWhatTheDeploymentHolds() {
    try (FaultyGateway gateway = FaultyGateway.faasNetes();
        var client = new HttpFunctionGateway(gateway.uri(), null, null)) {
      SPEC.secrets().forEach(s -> client.putSecret(s, new io.contractbuilder.contract.Secret("v")));
      Deployment deployment = client.deploy(SPEC);
      assertThat(gateway.requests().getLast().body())
          .isEqualTo(JSON.replace("MAX", "5"))
          .isEqualTo(Json.text(FunctionSpecs.toJson(deployment.spec())));
    }
  }
}
