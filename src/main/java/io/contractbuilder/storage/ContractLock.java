package io.contractbuilder.storage;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.PartFailure;
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

  /** The contract is ours until this is closed, or the process ends, or it is lost. */
  interface Held extends AutoCloseable {
    /**
     * Sees that it is ours still; asked right before each effect. Once it was lost it stays lost.
     *
     * @throws PartFailure if it is not, or nobody can say so: another may work on the contract, and
     *     nothing more may be done to it
     */
    default void check() {
      // A lock that ends with its process alone is never lost.
    }

    /** A number that is higher than that of all who had the contract before; 0: there is none. */
    default long token() {
      return 0;
    }

    @Override
    void close();
  }
}
