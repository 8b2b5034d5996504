package io.contractbuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogRecipeTest {
  private static final String LAYER = "sha256:" + "ab".repeat(32);
  private static final byte[] CONFIG =
      bytes(
          """
          {"architecture":"amd64","os":"linux","created":"2020-01-01T00:00:00Z","x-own":[1.25],
           "config":{"User":"root","Entrypoint":["/start"],"Cmd":["a"],"WorkingDir":"/srv",
             "Env":["PATH=/bin","write_debug=true"],"Labels":{"mine":"ü"},"StopSignal":"SIGINT",
             "ExposedPorts":{"80/tcp":{}},"Healthcheck":{"Test":["CMD-SHELL","true"]}},
           "history":[{"created_by":"x"},{"created_by":"ENV","empty_layer":true}],
           "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
          """
              .formatted("cd".repeat(32)));

  private record Binary(Set<String> architectures) implements Watchdog {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public boolean carriesAnyArgument() {
      return true;
    }

    @Override
    public byte[] binary(String architecture) {
      return bytes(architecture);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ManifestDocument manifest(String type, String configType, String layerType) {
    return ManifestDocument.read(
        "app:1",
        null,
        bytes(
            """
            {"schemaVersion":2,"mediaType":"%s","annotations":{"kept":"é"},"unknown":{"z":1,"a":2},
             "config":{"mediaType":"%s","digest":"%s","size":%d,"data":"eA=="},
             "layers":[{"mediaType":"%s","digest":"%s","size":7,"annotations":{"toc":"1"}}]}
            """
                .formatted(type, configType, Digest.of(CONFIG), CONFIG.length, layerType, LAYER)));
  }

  private static ManifestDocument docker() {
    return manifest(
        MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_CONFIG, MediaTypes.DOCKER_LAYER_GZIP);
  }

  private static ManifestDocument oci() {
    return manifest(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, MediaTypes.OCI_LAYER + "+zstd");
  }

  private static WatchdogRecipe recipe() {
    return new WatchdogRecipe(
        new Binary(Set.of("amd64")),
        new WatchdogLayers(),
        ImageReference.parse("registry.example/app:1"),
        Digest.of(bytes("base")),
        new ContractId("11111111-2222-4333-8444-555555555555"));
  }

  @Test
  void configurationRunsTheWatchdogAndKeepsWhatItDoesNotKnow() throws IOException {
    JsonNode config = Json.read(recipe().apply(oci(), CONFIG, null).config());

    assertThat(Json.text(config.path("config")))
        .isEqualTo(
            "{\"User\":\"1000:1000\",\"Cmd\":[\"/usr/bin/fwatchdog\"],\"WorkingDir\":\"/srv\","
                + "\"Env\":[\"PATH=/bin\",\"write_debug=false\",\"healthcheck_interval=1s\"],"
                + "\"Labels\":{\"mine\":\"\\u00fc\","
                + "\"org.opencontainers.image.base.name\":\"registry.example/app:1\","
                + "\"org.opencontainers.image.base.digest\":\""
                + Digest.of(bytes("base"))
                + "\",\"com.dragonchain.contract-builder.contract\":"
                + "\"11111111-2222-4333-8444-555555555555\"},\"StopSignal\":\"SIGINT\","
                + "\"ExposedPorts\":{\"80/tcp\":{},\"8080/tcp\":{}},"
                + "\"Healthcheck\":{\"Interval\":3000000000,"
                + "\"Test\":[\"CMD\",\"/usr/bin/fwatchdog\",\"--run-healthcheck\"]}}");
    assertThat(config.path("x-own").path(0).asText()).isEqualTo("1.25");
    assertThat(config.path("created").asText()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(config.path("rootfs").path("diff_ids")).hasSize(2);
    assertThat(config.path("history")).hasSize(3);
  }

  @Test
  void manifestKeepsItsFamilyItsLayersAndItsUnknownFields() throws IOException {
    JsonNode edited = Json.read(recipe().apply(docker(), CONFIG, null).manifest());

    assertThat(edited.path("mediaType").asText()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
    assertThat(edited.path("config").path("mediaType").asText())
        .isEqualTo(MediaTypes.DOCKER_CONFIG);
    assertThat(edited.path("config").has("data")).isFalse();
    assertThat(edited.path("layers").path(1).path("mediaType").asText())
        .isEqualTo(MediaTypes.DOCKER_LAYER_GZIP);
    assertThat(Json.text(edited.path("layers").path(0)))
        .isEqualTo(
            "{\"mediaType\":\""
                + MediaTypes.DOCKER_LAYER_GZIP
                + "\",\"digest\":\""
                + LAYER
                + "\",\"size\":7,\"annotations\":{\"toc\":\"1\"}}");
    assertThat(Json.text(edited.path("unknown"))).isEqualTo("{\"z\":1,\"a\":2}");
  }

  @Test
  void equalInputsGiveTheDigestThatTheyHaveAlwaysGiven() {
    assertThat(recipe().apply(oci(), CONFIG, null).descriptor().digest().value())
        .isEqualTo("sha256:81bb3b39702353ea024b8d133a54dbaa16510d94143054e7ce1e45842ab1b4af");
    assertThat(recipe().apply(docker(), CONFIG, null).descriptor().digest().value())
        .isEqualTo("sha256:cfc8c03bfbffda3e8463b1d36ccb02afd95cc72b49571ec80301360e295e91f0");
  }

  @Test
  void imageForAnotherSystemIsRefusedWithTheArchitecturesThatThereAre() {
    byte[] windows = bytes("{\"architecture\":\"amd64\",\"os\":\"windows\"}");

    assertThatThrownBy(() -> recipe().apply(oci(), windows, null))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("windows/amd64")
        .hasMessageContaining("linux on amd64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "nonsense",
        "{\"a\":1,\"a\":2}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":[]}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":\"x\"}}",
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[]}}"
      })
  void brokenConfigurationIsRefused(String config) {
    assertThatThrownBy(() -> recipe().apply(oci(), bytes(config), null))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("app:1")
        .hasMessageContaining("reading its configuration");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaVersion\":1,\"fsLayers\":[]}",
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.cncf.helm\",\"layers\":[]}",
        "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}",
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}",
        "[1]",
        "{"
      })
  void whatIsNoImageIsRefused(String manifest) {
    assertThatThrownBy(() -> ManifestDocument.read("app:1", null, bytes(manifest)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void manifestThatItsHeaderContradictsIsRefused() {
    assertThatThrownBy(
            () -> ManifestDocument.read("app:1", MediaTypes.DOCKER_MANIFEST, oci().bytes()))
        .hasMessageContaining("delivered as");
  }

  @Test
  void imageOverALimitIsRefusedByItsManifest() {
    assertThatThrownBy(() -> new ImageLimits(6, 126, 9).check(oci()))
        .hasMessageContaining("7 bytes of compressed layers, where 6 are allowed");
    assertThatThrownBy(() -> new ImageLimits(700, 0, 9).check(oci()))
        .hasMessageContaining("1 layers, where 0 are allowed");
  }

  @Test
  void indexKeepsWhatImageAndWatchdogBothHaveAndLeavesAttestationsOut() {
    ManifestDocument index =
        ManifestDocument.read(
            "app:1",
            MediaTypes.OCI_INDEX,
            bytes(
                """
                {"schemaVersion":2,"manifests":[%s,%s,%s,%s]}
                """
                    .formatted(
                        entry("linux", "amd64"),
                        entry("unknown", "unknown"),
                        entry("windows", "amd64"),
                        entry("linux", "s390x"))));

    List<IndexEntry> chosen =
        WatchdogRecipe.choose("app:1", index.entries(), Set.of("amd64", "arm64"));

    assertThat(chosen).extracting(IndexEntry::platform).containsExactly("linux/amd64");
    assertThatThrownBy(() -> WatchdogRecipe.choose("app:1", index.entries(), Set.of("arm64")))
        .hasMessageContaining("linux/s390x");
  }

  private static String entry(String os, String architecture) {
    return """
    {"mediaType":"%s","digest":"%s","size":7,"platform":{"os":"%s","architecture":"%s"}}
    """
        .formatted(MediaTypes.OCI_MANIFEST, LAYER, os, architecture);
  }
}
