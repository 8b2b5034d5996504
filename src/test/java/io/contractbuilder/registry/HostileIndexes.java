package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.MediaTypes;
import io.contractbuilder.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Indexes and manifests that are too many, too deep or not what they say, served as an image. */
final class HostileIndexes {
  private static final byte[] ANY = "x".getBytes(StandardCharsets.UTF_8);

  private HostileIndexes() {}

  /** One of {@code times} entries for the same manifest. */
  static byte[] of(String type, byte[] manifest, int times) {
    ObjectNode index = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode entries = index.putArray("manifests");
    for (int i = 0; i < times; i++) {
      ObjectNode entry = entries.addObject();
      entry.put("mediaType", type).put("digest", Digest.of(manifest).value());
      entry.put("size", manifest.length);
      entry.putObject("platform").put("os", "linux").put("architecture", "amd64");
    }
    return Json.write(index);
  }

  private static void serve(HostilePair pair, String tag, String type, byte[] manifest) {
    pair.from.push("app", tag, new TestImage(type, manifest, Map.of()));
  }

  static void thousands(HostilePair pair) {
    serve(pair, "1", MediaTypes.OCI_INDEX, of(MediaTypes.OCI_MANIFEST, ANY, 4_000));
  }

  static void ofIndexes(HostilePair pair) {
    byte[] inner = of(MediaTypes.OCI_MANIFEST, ANY, 200);
    serve(pair, "2", MediaTypes.OCI_INDEX, inner);
    serve(pair, "1", MediaTypes.OCI_INDEX, of(MediaTypes.OCI_INDEX, inner, 256));
  }

  static void deep(HostilePair pair) {
    byte[] inner = of(MediaTypes.OCI_INDEX, of(MediaTypes.OCI_MANIFEST, ANY, 1), 1);
    serve(pair, "2", MediaTypes.OCI_INDEX, inner);
    serve(pair, "1", MediaTypes.OCI_INDEX, of(MediaTypes.OCI_INDEX, inner, 1));
  }

  static void itself(HostilePair pair) {
    byte[] inner = of(MediaTypes.OCI_INDEX, ANY, 1);
    byte[] outer = of(MediaTypes.OCI_INDEX, inner, 1);
    pair.from.manifests.put("app@" + Digest.of(inner), outer);
    pair.from.types.put("app@" + Digest.of(inner), MediaTypes.OCI_INDEX);
    serve(pair, "1", MediaTypes.OCI_INDEX, outer);
  }

  /** Four mebibytes of brackets. */
  static void deepManifest(HostilePair pair) {
    String nested = "{\"layers\":" + "[".repeat(2_000_000) + "]".repeat(2_000_000) + "}";
    serve(pair, "1", MediaTypes.OCI_MANIFEST, nested.getBytes(StandardCharsets.UTF_8));
  }

  /** Four mebibytes of empty arrays. */
  static void smallValues(HostilePair pair) {
    String many = "{\"layers\":[" + "[],".repeat(1_390_000) + "0]}";
    serve(pair, "1", MediaTypes.OCI_MANIFEST, many.getBytes(StandardCharsets.UTF_8));
  }
}
