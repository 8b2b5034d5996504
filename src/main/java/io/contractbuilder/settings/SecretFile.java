package io.contractbuilder.settings;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files that others put secrets into, and may change while this runs. */
final class SecretFile {
  private static final int MAX_BYTES = 1 << 20;

  private SecretFile() {}

  /** The whole text without line ends at its end, which editors add; null if there is no file. */
  static @Nullable Secret text(Path file) {
    byte[] bytes = bytes(file);
    return bytes == null
        ? null
        : new Secret(new String(bytes, StandardCharsets.UTF_8).replaceFirst("[\r\n]+\\z", ""));
  }

  /** A text in the file's JSON object. */
  static Secret value(Path file, String key) {
    Secret value = find(file, key);
    if (value == null) {
      throw failure(file, "has no text " + key + " in it", null);
    }
    return value;
  }

  /** The same; null if it is not in it. */
  static @Nullable Secret find(Path file, String key) {
    byte[] bytes = bytes(file);
    if (bytes == null) {
      throw failure(file, "is not there", null);
    }
    JsonNode value;
    try {
      value = Json.read(bytes).get(key);
    } catch (MalformedJson e) {
      // The parser's message would quote what is in the file.
      throw failure(file, "is not JSON", null);
    }
    return value == null || !value.isTextual() ? null : new Secret(value.textValue());
  }

  private static byte @Nullable [] bytes(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw failure(file, "is larger than 1 MiB", null);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failure(file, "cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  static SettingsException failure(Path file, String answer, @Nullable Throwable cause) {
    return new SettingsException(file, answer, cause);
  }
}
