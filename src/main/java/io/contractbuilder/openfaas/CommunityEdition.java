package io.contractbuilder.openfaas;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What OpenFaaS Community Edition takes at most. */
final class CommunityEdition {
  /** Its own words for more. */
  static final String TOO_HIGH = "is set too high for Community Edition";

  private static final int MOST_REPLICAS = 5;

  private CommunityEdition() {}

  /**
   * A function as this edition takes it.
   *
   * @param warnings gets a word for each change
   */
  static FunctionSpec fitted(FunctionSpec spec, List<String> warnings) {
    Map<String, String> labels = new LinkedHashMap<>(spec.labels());
    for (String name : List.of("com.openfaas.scale.max", "com.openfaas.scale.min")) {
      String value = labels.get(name);
      if (value != null && value.matches("[0-9]{1,9}") && Integer.parseInt(value) > MOST_REPLICAS) {
        labels.put(name, Integer.toString(MOST_REPLICAS));
        warnings.add(
            "%s was lowered from %s to %d: OpenFaaS Community Edition takes no more"
                .formatted(name, value, MOST_REPLICAS));
      }
    }
    return spec.withLabels(labels);
  }
}
