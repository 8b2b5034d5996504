package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;

/** Reads TOML; apart from who uses it, as the library takes long to load. */
final class Toml {
  private Toml() {}

  /**
   * A whole file.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is none
   */
  static JsonNode read(byte[] text) throws IOException {
    return new TomlMapper().readTree(text);
  }
}
