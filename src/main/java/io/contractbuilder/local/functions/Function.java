package io.contractbuilder.local.functions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.local.rootfs.UnpackedImage;
import org.jspecify.annotations.Nullable;

/**
 * A function that is deployed.
 *
 * @param image what runs; null while it could not be had
 * @param process the command line that is shown
 * @param replicas 0 or 1: what is wanted
 * @param replica null where none is wanted
 */
record Function(
    FunctionDeployment deployment,
    @Nullable UnpackedImage image,
    String process,
    String createdAt,
    int replicas,
    @Nullable Replica replica,
    FunctionLog log) {

  int available() {
    return replica != null && replica.address() != null ? 1 : 0;
  }

  Function with(int wanted, @Nullable UnpackedImage other, @Nullable Replica started) {
    return new Function(deployment, other, process, createdAt, wanted, started, log);
  }

  ObjectNode stored() {
    return deployment
        .request()
        .put("createdAt", createdAt)
        .put("replicas", replicas)
        .put("process", process);
  }
}
