package io.contractbuilder.job;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.ContractImages;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes back what a job made, going on after failures; knows afterwards what is left. */
final class RollBack {
  private final HeldParts parts;
  private final Journal journal;
  private final String remedy;
  private final List<String> leftovers = new ArrayList<>();
  private final Set<Digest> imagesLeft = new LinkedHashSet<>();
  private final Set<String> secretsLeft = new LinkedHashSet<>();
  private boolean keyLeft;
  private boolean restored = true;

  /**
   * @param remedy the command that takes away, or puts right, what is left
   */
  RollBack(HeldParts parts, Journal journal, String remedy) {
    this.parts = parts;
    this.journal = journal;
    this.remedy = remedy;
  }

  /** Does something without which the function or schedule is not what it was. */
  void restore(String what, Runnable effect) {
    if (!attempt(what, effect)) {
      restored = false;
    }
  }

  void removeSecrets(Iterable<String> names) {
    for (String name : names) {
      String secret = ContractFunction.secretName(journal.contract(), name);
      if (!attempt("secret " + secret, () -> parts.gateway().deleteSecret(secret))) {
        secretsLeft.add(name);
      }
    }
  }

  void removeKey(String id) {
    keyLeft = !attempt("API key " + id, () -> parts.keys().delete(id));
  }

  void removeImage(Digest image) {
    boolean gone =
        attempt(
            "image " + image,
            () -> {
              if (parts.images().delete(image)
                  instanceof ContractImages.Removal.NotAllowed notAllowed) {
                leftovers.add(notAllowed.warning());
                imagesLeft.add(image);
              }
            });
    if (!gone) {
      imagesLeft.add(image);
    }
  }

  /**
   * Removes what a build left of which nobody heard the end.
   *
   * @param serving stays
   */
  void removeLostImage(@Nullable Digest serving) {
    if (!journal.mayHaveLostImage()) {
      return;
    }
    boolean known =
        attempt(
            "perhaps an image tagged " + journal.contract(),
            () -> {
              Digest lost = parts.images().tagged(journal.contract());
              if (lost != null && !lost.equals(serving)) {
                removeImage(lost);
              }
            });
    journal.imageLost = !known;
  }

  /** Lets the journal know what became of what the job made. */
  List<String> finish() {
    journal.rolledBack(restored, imagesLeft, secretsLeft);
    return leftovers;
  }

  boolean isKeyLeft() {
    return keyLeft;
  }

  private boolean attempt(String what, Runnable effect) {
    try {
      effect.run();
      return true;
    } catch (RuntimeException e) {
      leftovers.add(what + " is left: " + JobStopped.reason(e) + ". Then run " + remedy);
      return false;
    }
  }
}
