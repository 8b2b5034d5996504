package io.contractbuilder.job;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The journals of all contracts; apart from the contracts' own data, so that a delete keeps them.
 */
public final class Journals {
  /** Where they lie. */
  public static final String PREFIX = "CONTRACT_BUILDER/JOURNAL/";

  /** How long a deleted contract's journal stays. */
  static final Duration TOMBSTONE_AGE = Duration.ofDays(7);

  private final ObjectStore store;

  public Journals(ObjectStore store) {
    this.store = store;
  }

  /**
   * The journal of the contract's last job; null if there was none.
   *
   * @throws StorageException also where what is there cannot be read
   */
  public @Nullable Journal find(ContractId id) {
    return read(key(id));
  }

  void save(Journal journal) {
    store.put(key(journal.contract()), JournalDocument.write(journal));
  }

  /** Removes what stays of contracts that were deleted long ago; what cannot be read stays. */
  void prune(Instant now) {
    for (String key : store.list(PREFIX)) {
      byte[] document = store.get(key);
      if (document != null && isOldTombstone(document, now)) {
        store.delete(key);
      }
    }
  }

  private static boolean isOldTombstone(byte[] document, Instant now) {
    try {
      Journal journal = JournalDocument.read(document);
      Instant ended = journal.ended();
      return journal.isTombstone() && ended != null && ended.plus(TOMBSTONE_AGE).isBefore(now);
    } catch (IllegalArgumentException e) {
      // Another contract's job says so.
      return false;
    }
  }

  private @Nullable Journal read(String key) {
    byte[] document = store.get(key);
    if (document == null) {
      return null;
    }
    try {
      return JournalDocument.read(document);
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          key,
          "read the journal",
          "it is not in a form that this program writes",
          "Look at it, and at what wrote it; without it the last job cannot be resumed",
          false,
          e);
    }
  }

  private static String key(ContractId id) {
    return PREFIX + id + ".json";
  }
}
