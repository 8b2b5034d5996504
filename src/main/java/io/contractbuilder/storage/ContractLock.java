package io.contractbuilder.storage;

import io.contractbuilder.contract.ContractId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets one job at a time work on a contract, whichever process it runs in. */
public interface ContractLock {

  /**
   * Waits for the contract.
   *
   * @param limit how long at most
   * @return null if somebody else had it all the time
   * @throws StorageException if it cannot be said who has it
   * @throws InterruptedException if the waiting was interrupted
   */
  @Nullable Held acquire(ContractId id, Duration limit) throws InterruptedException;

  /** The contract is ours until this is closed, or the process ends. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
