package io.contractbuilder.openfaas;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionSpecsTest {
  private static final FunctionSpec SPEC =
      new FunctionSpec(
          "contract-1",
          "registry:5000/customer-contracts@sha256:00",
          "node index.js",
          Map.of("STAGE", "dev"),
          List.of("sc-1-api-token"),
          Map.of("com.openfaas.scale.min", "1"),
          Map.of("cpu", "0.50"),
          Map.of("cpu", "0.1"));

  private static final String JSON =
      "{\"service\":\"contract-1\",\"image\":\"registry:5000/customer-contracts@sha256:00\","
          + "\"envProcess\":\"node index.js\",\"envVars\":{\"STAGE\":\"dev\"},"
          + "\"secrets\":[\"sc-1-api-token\"],\"labels\":{\"com.openfaas.scale.min\":\"1\"},"
          + "\"limits\":{\"cpu\":\"0.50\"},\"requests\":{\"cpu\":\"0.1\"}}";

  @Test
  void isWrittenInTheOrderOfTheGatewaysFields() {
    assertThat(Json.text(FunctionSpecs.toJson(SPEC))).isEqualTo(JSON);
  }

  @Test
  void isReadBack() throws IOException {
    assertThat(FunctionSpecs.fromJson(Json.read(JSON.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(SPEC);
  }
}
