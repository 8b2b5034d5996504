package io.contractbuilder.keys;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** API keys as the chain stores them (chain formats, §4). All throw {@link StorageException}. */
public final class StoredApiKeys implements ApiKeys {
  private static final String FOLDER = "KEYS/";

  private final ObjectStore store;

  public StoredApiKeys(ObjectStore store) {
    this.store = store;
  }

  @Override
  public @Nullable ApiKey find(String id) {
    byte[] document = store.get(key(id));
    if (document == null) {
      return null;
    }
    try {
      JsonNode node = Json.read(document);
      String value = node.path("key").asText();
      if (!node.path("key_id").asText().equals(id) || value.isEmpty()) {
        throw damaged(id);
      }
      return new ApiKey(
          id, new Secret(value), Instant.ofEpochSecond(node.path("registration_time").asLong()));
    } catch (MalformedJson e) {
      // Its message might quote the key, so it is no cause.
      throw damaged(id);
    }
  }

  /** {@inheritDoc} By their names alone; other keys are people's and programs'. */
  @Override
  public Set<String> ids() {
    var ids = new TreeSet<String>();
    for (String name : store.children(FOLDER)) {
      if (ApiKey.isContracts(name)) {
        ids.add(name);
      }
    }
    return ids;
  }

  private static StorageException damaged(String id) {
    return new StorageException(
        key(id),
        "read the API key",
        "it is damaged",
        "Look at it, and at what wrote it",
        false,
        null);
  }

  @Override
  public void save(ApiKey key) {
    var node = Json.object();
    node.put("version", "1");
    node.put("key_id", key.id());
    node.put("key", key.key().reveal());
    node.put("registration_time", key.registered().getEpochSecond());
    node.put("root", false);
    node.put("nickname", "");
    var permissions = node.putObject("permissions_document");
    permissions.put("version", "1");
    permissions.put("default_allow", true);
    permissions
        .putObject("permissions")
        .putObject("api_keys")
        .put("allow_create", false)
        .put("allow_update", false)
        .put("allow_delete", false);
    node.put("interchain", false);
    store.put(key(key.id()), Json.write(node));
  }

  @Override
  public boolean delete(String id) {
    return store.delete(key(id));
  }

  private static String key(String id) {
    return FOLDER + id;
  }
}
