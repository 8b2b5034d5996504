package io.contractbuilder.openfaas;

/**
 * What to do about a function that a provider did not take, by the provider's own words.
 *
 * @param retryHelps whether the same may go well later
 */
record Refusal(String remedy, boolean retryHelps) {

  /**
   * @param put whether an existing function was to be replaced
   */
  static Refusal of(FunctionSpec spec, GatewayAnswer answer, boolean put) {
    if (put && answer.isSuccess()) {
      return new Refusal(
          "The provider accepted it and changed nothing: look at its log (a conflict, a limit that"
              + " Kubernetes refuses, its permissions, the Kubernetes API)",
          true);
    }
    if (answer.says("unable to pull", "failed to resolve")) {
      return new Refusal(
          "Check that the provider can reach the registry "
              + host(spec)
              + " and has its credentials",
          false);
    }
    if (answer.says("public images", "unable to parse image reference")) {
      return publicImagesOnly(spec);
    }
    if (answer.says("maximum:", "only permits:")) {
      return new Refusal(
          "OpenFaaS Community Edition takes no more functions than that: delete functions that are"
              + " not needed, or use OpenFaaS Standard or faasd",
          false);
    }
    if (answer.says("set too high", "not available", "Community Edition")) {
      return new Refusal(
          "This is a limit of OpenFaaS Community Edition: use another edition or faasd", false);
    }
    if (isKubernetesAway(answer)) {
      return new Refusal(
          "The provider cannot reach the Kubernetes API; the same may go well later", true);
    }
    if (answer.says("is forbidden")) {
      return new Refusal(
          "The provider may not do this: check its permissions (RBAC of faas-netes)", false);
    }
    if (answer.says("secret")) {
      return new Refusal(
          "The function names a secret that the provider does not have: give its value by an"
              + " update, or create the contract again",
          false);
    }
    if (answer.says("unable to start task")) {
      return new Refusal("Mend what keeps the image from starting, then run it again", false);
    }
    boolean retryHelps = GatewayCalls.retryHelps(answer);
    return answer.status() == 400 || answer.says("is invalid")
        ? new Refusal("Change what the provider does not take", retryHelps)
        : new Refusal("Look at the provider's log", retryHelps);
  }

  /** Of a function whose name is not free although it was waited for. */
  static Refusal going() {
    return new Refusal(
        "The function of this name is being deleted and its pods do not end: look at the"
            + " provider's log, then run it again",
        true);
  }

  /** What faas-netes CE says from its release 0.18.0 on where it cannot read an image itself. */
  private static Refusal publicImagesOnly(FunctionSpec spec) {
    return new Refusal(
        "OpenFaaS Community Edition 0.18 and later takes an image only if faas-netes itself can"
            + " read it without credentials: let it reach the registry "
            + host(spec)
            + " (over https with a certificate that it trusts) and let everybody read there, or"
            + " use OpenFaaS Standard or faasd",
        false);
  }

  /** Go's words for a call of faas-netes that did not get through. */
  private static boolean isKubernetesAway(GatewayAnswer answer) {
    return answer.says(
        "connection refused",
        "i/o timeout",
        "no route to host",
        "TLS handshake timeout",
        "context deadline exceeded",
        "connection reset by peer");
  }

  private static String host(FunctionSpec spec) {
    String image = spec.image();
    int slash = image.indexOf('/');
    return slash < 0 ? image : image.substring(0, slash);
  }
}
