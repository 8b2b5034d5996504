package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of folders and what lies beside them, in registries. */
class AttachmentIT {
  private static final String TYPE = "application/vnd.example+json";

  @TempDir private Path folder;

  private static RegistryClient client(String registry) {
    return new RegistryClient(
        RegistryAccess.operator(
            Set.of(registry), AllowedAddresses.parse(List.of("127.0.0.1")), null),
        new RefusingRegistries(null));
  }

  private Descriptor push(InRegistry target, RegistryClient client) throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("one"), "one");
    var layout = (InLayout) ImageReference.parse("oci:" + folder.resolve("layout") + ":1");
    var config = Json.object().put("architecture", "amd64").put("os", "linux");
    FolderImages.pack(config.put("created", "2026-01-01T00:00:00Z"), List.of(files), layout);
    return FolderImages.push(layout, target, client);
  }

  private static Attachment attachment(String text) {
    return new Attachment(TYPE, text.getBytes(StandardCharsets.UTF_8));
  }

  /** None of these lists what refers to an image, so a tag does. */
  @ParameterizedTest
  @ValueSource(strings = {"PARTS_REGISTRY", "PARTS_REGISTRY_V3_PLAIN"})
  void liesBesideItsImageInAnyRegistry(String part) throws Exception {
    String registry = Parts.variable(part);
    String repository = registry + "/attached/image";
    var target = (InRegistry) ImageReference.parse(repository + ":1");
    try (RegistryClient client = client(registry)) {
      Descriptor image = push(target, client);
      Digest one = attachment("{\"one\":1}").push(target, image, client);
      Digest other = attachment("{\"other\":1}").push(target, image, client);
      assertThat(attachment("{\"one\":1}").push(target, image, client)).isEqualTo(one);

      JsonNode list =
          crane("manifest", repository + ":" + image.digest().value().replace(':', '-'));
      var listed = new ArrayList<String>();
      for (JsonNode manifest : list.path("manifests")) {
        assertThat(manifest.path("artifactType").asText()).isEqualTo(TYPE);
        listed.add(manifest.path("digest").asText());
      }
      assertThat(listed).containsExactlyInAnyOrder(one.value(), other.value());
      JsonNode manifest = crane("manifest", repository + "@" + one);
      assertThat(Json.text(manifest.path("subject"))).isEqualTo(Json.text(image.tree()));
      String blob = manifest.path("layers").path(0).path("digest").asText();
      assertThat(Json.text(crane("blob", repository + "@" + blob))).isEqualTo("{\"one\":1}");
    }
  }

  private static JsonNode crane(String command, String what) throws Exception {
    String crane = Parts.variable("PARTS_BIN") + "/crane";
    return Json.read(
        Parts.run(crane, command, "--insecure", what).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRegistryThatListsThemItselfGetsNoTagForIt() throws IOException {
    try (var registry = new MemoryRegistry();
        RegistryClient client = client(registry.host())) {
      registry.behave(
          exchange -> {
            if (!exchange.getRequestURI().getPath().contains("/referrers/")) {
              return false;
            }
            byte[] index = Json.write(Json.object().put("schemaVersion", 2));
            exchange.sendResponseHeaders(200, index.length);
            exchange.getResponseBody().write(index);
            exchange.close();
            return true;
          });
      var target = (InRegistry) ImageReference.parse(registry.host() + "/attached/image:1");
      Descriptor image = push(target, client);
      Digest attached = attachment("{}").push(target, image, client);
      assertThat(registry.manifests.keySet())
          .anyMatch(name -> name.endsWith(attached.value()))
          .noneMatch(name -> name.contains("sha256-"));
    }
  }
}
