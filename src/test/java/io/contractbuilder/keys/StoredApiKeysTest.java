package io.contractbuilder.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import io.contractbuilder.storage.StorageException;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredApiKeysTest extends ApiKeysConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Override
  protected ApiKeys keys() {
    return new StoredApiKeys(new DiskObjectStore(folder));
  }

  @Test
  void writesTheChainsForm() {
    keys()
        .save(
            new ApiKey(
                "SC_ABCDEFGHIJKL", new Secret("k3y"), Instant.parse("2026-01-02T03:04:05.9Z")));

    assertThat(folder.resolve("KEYS/SC_ABCDEFGHIJKL"))
        .hasContent(
            "{\"version\":\"1\",\"key_id\":\"SC_ABCDEFGHIJKL\",\"key\":\"k3y\","
                + "\"registration_time\":1767323045,\"root\":false,\"nickname\":\"\","
                + "\"permissions_document\":{\"version\":\"1\",\"default_allow\":true,"
                + "\"permissions\":{\"api_keys\":{\"allow_create\":false,\"allow_update\":false,"
                + "\"allow_delete\":false}}},\"interchain\":false}");
  }

  @Test
  void aDamagedKeyIsAFailureThatDoesNotQuoteIt() throws Exception {
    Files.createDirectories(folder.resolve("KEYS"));
    Files.write(folder.resolve("KEYS/SC_A"), "{\"key\":\"c4n4ry\" oops".getBytes(UTF_8));

    assertThatThrownBy(() -> keys().find("SC_A"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("SC_A")
        .hasMessageNotContaining("c4n4ry")
        .hasNoCause();
  }
}
