package io.contractbuilder.openfaas;

import java.util.List;
import java.util.Map;

/**
 * A function as it is deployed: the body of {@code POST} and {@code PUT /system/functions}.
 *
 * @param service the function's name
 * @param image a reference by digest
 * @param envProcess the command line, joined by single spaces
 * @param secrets names of OpenFaaS secrets
 * @param limits {@code cpu} and {@code memory} as Kubernetes quantities
 * @param requests the same
 */
public record FunctionSpec(
    String service,
    String image,
    String envProcess,
    Map<String, String> envVars,
    List<String> secrets,
    Map<String, String> labels,
    Map<String, String> limits,
    Map<String, String> requests) {

  /** The same with other labels. */
  public FunctionSpec withLabels(Map<String, String> others) {
    return new FunctionSpec(service, image, envProcess, envVars, secrets, others, limits, requests);
  }
}
