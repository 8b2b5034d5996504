package io.contractbuilder.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads images from registries, layouts and archives. */
public interface ImageReader {

  /**
   * Opens the image of one architecture.
   *
   * @param architecture as in OCI, for example {@code amd64}
   * @throws io.contractbuilder.contract.PartFailure if it cannot be had
   */
  ReadableImage open(
      ImageReference reference, @Nullable RegistryCredentials credentials, String architecture);

  /** One image, of one architecture. */
  interface ReadableImage {
    /** The digest of its manifest. */
    Digest digest();

    /** Its configuration (OCI image specification, "Image Configuration"). */
    JsonNode config();

    /** Its layers, the lowest first. */
    List<Layer> layers();

    /**
     * A layer's bytes as they are stored (compressed or not); reading past the end checks the
     * digest.
     */
    InputStream open(Layer layer);
  }

  /**
   * @param size bytes as stored
   */
  record Layer(Digest digest, String mediaType, long size) {}
}
