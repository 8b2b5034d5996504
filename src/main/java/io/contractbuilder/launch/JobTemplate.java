package io.contractbuilder.launch;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says of the pods of Jobs: image, resources, where they run, what is mounted.
 *
 * @param pod with metadata and at least one container, whose image is named
 */
record JobTemplate(PodTemplateSpec pod) {
  private static final String SETTING = "CONTRACT_BUILDER_JOB_TEMPLATE";
  private static final String ALLOWED =
      "a pod template of Kubernetes (metadata, spec) whose first container names its image, in"
          + " YAML or JSON";

  /**
   * Reads one from its file.
   *
   * @throws InvalidInput if it is none
   */
  static JobTemplate read(Path file) {
    try {
      return of(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw wrong(file + ", which cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /**
   * Reads one from its text.
   *
   * @param name for messages
   * @throws InvalidInput if it is none
   */
  static JobTemplate of(String text, String name) {
    PodTemplateSpec pod;
    try {
      pod = Serialization.unmarshal(text, PodTemplateSpec.class);
    } catch (RuntimeException e) {
      // The client's own, Jackson's, or those of either library for YAML.
      throw wrong(name + ", which is no such thing");
    }
    String missing = missing(pod);
    if (missing != null) {
      throw wrong(name + ", " + missing);
    }
    if (pod.getMetadata() == null) {
      pod.setMetadata(new ObjectMeta());
    }
    return new JobTemplate(pod);
  }

  private static @Nullable String missing(@Nullable PodTemplateSpec pod) {
    if (pod == null || pod.getSpec() == null) {
      return "in which there is no spec";
    }
    PodSpec spec = pod.getSpec();
    List<Container> containers = spec.getContainers();
    if (containers.isEmpty()) {
      return "in which there is no container";
    }
    String image = containers.getFirst().getImage();
    return image == null || image.isEmpty() ? "whose first container has no image" : null;
  }

  private static InvalidInput wrong(String found) {
    return new InvalidInput("settings", List.of(new Violation(SETTING, found, ALLOWED)));
  }
}
