package io.contractbuilder.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** Images of one layer that are made on the spot. */
public final class TarImages implements ImageReader {
  private final Map<Digest, ReadableImage> images = new HashMap<>();

  /** Adds an image with executable files; the answer is how a function names it. */
  public String add(Map<String, byte[]> files, List<String> command, List<String> environment) {
    byte[] layer = tar(files);
    ObjectNode config = Json.object();
    ObjectNode inner = config.putObject("config");
    command.forEach(inner.putArray("Cmd")::add);
    environment.forEach(inner.putArray("Env")::add);
    String identity = Digest.of(layer) + " " + command + environment;
    Digest digest = Digest.of(identity.getBytes(StandardCharsets.UTF_8));
    images.put(digest, new OneLayer(digest, config, layer));
    return ContractImages.LOCAL_HOST + "/" + ContractImages.REPOSITORY + "@" + digest;
  }

  /** A layer of executable files. */
  public static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(e.getKey());
        entry.setMode(0755);
        entry.setSize(e.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(e.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public ReadableImage open(
      ImageReference reference, @Nullable RegistryCredentials credentials, String architecture) {
    Digest digest = reference.digest();
    ReadableImage image = digest == null ? null : images.get(digest);
    if (image == null) {
      throw new PlatformException("read " + reference, "not found", "Make it", false, null);
    }
    return image;
  }

  private record OneLayer(Digest digest, JsonNode config, byte[] bytes) implements ReadableImage {
    @Override
    public List<Layer> layers() {
      return List.of(
          new Layer(Digest.of(bytes), "application/vnd.oci.image.layer.v1.tar", bytes.length));
    }

    @Override
    public InputStream open(Layer layer) {
      return new ByteArrayInputStream(bytes);
    }
  }
}
