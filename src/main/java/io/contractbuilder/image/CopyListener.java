package io.contractbuilder.image;

import io.contractbuilder.contract.Digest;

/**
 * Is told how a copy goes on; called from several threads.
 *
 * <p>It has no constant: the AOT cache keeps no lambda for an interface that has something to
 * initialise.
 */
public interface CopyListener {
  /**
   * @param blob which blob
   * @param done bytes of it that are there
   * @param size all its bytes
   */
  void copied(Digest blob, long done, long size);

  /**
   * Is asked before a manifest is stored in a registry, perhaps long after the copy began; what it
   * throws keeps the manifest from being stored.
   */
  default void beforeManifest() {}
}
