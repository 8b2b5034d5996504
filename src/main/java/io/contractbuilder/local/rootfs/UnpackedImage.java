package io.contractbuilder.local.rootfs;

import io.contractbuilder.contract.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * An image whose files lie in a folder, which functions share and nobody writes to.
 *
 * @param layers the lowest first; images of the same layers share a folder
 * @param command entrypoint and command
 * @param environment {@code NAME=value}
 * @param workingFolder absolute
 */
public record UnpackedImage(
    Digest digest,
    List<Digest> layers,
    Path rootfs,
    List<String> command,
    List<String> environment,
    String workingFolder) {}
