package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One manifest that an index names (OCI image specification, "Image Index"). */
public record IndexEntry(Descriptor descriptor, ObjectNode tree) {

  /** Whether it is a provenance attestation, as BuildKit adds them, and no image. */
  public boolean attestation() {
    JsonNode type = tree.path("annotations").path("vnd.docker.reference.type");
    return type.asText("").equals("attestation-manifest") || architecture().equals("unknown");
  }

  /** As in OCI; empty where the index does not say. */
  public String architecture() {
    return tree.path("platform").path("architecture").asText("");
  }

  /** Whether it is for Linux, or does not say. */
  public boolean linux() {
    return tree.path("platform").path("os").asText("linux").equals("linux");
  }

  /** {@code os/architecture[/variant]}. */
  public String platform() {
    String variant = tree.path("platform").path("variant").asText("");
    return "linux/" + architecture() + (variant.isEmpty() ? "" : "/" + variant);
  }
}
