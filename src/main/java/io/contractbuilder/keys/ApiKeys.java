package io.contractbuilder.keys;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where API keys are kept for the chain to find. */
public interface ApiKeys {

  /** The key; null if there is none. */
  @Nullable ApiKey find(String id);

  /** The ids of all keys that are contracts', as {@link ApiKey#newId} makes them. */
  Set<String> ids();

  /** Saves a key; one of the same id is replaced. */
  void save(ApiKey key);

  /** Removes a key; false if there was none. */
  boolean delete(String id);
}
