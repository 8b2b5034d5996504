package io.contractbuilder.doctor;

import org.jspecify.annotations.Nullable;

/** A disagreement between parts, or a document that says nothing. */
public sealed interface Finding permits Unclear, Missing, Leftover {

  /** Whose it is: a contract's id, or the name of what is no known contract's. */
  String subject();

  /** What disagrees, and what that means. No secret is in it. */
  String says();

  /** What is to be done about it. */
  Cure cure();

  /** The kind of finding, for programs: {@code function_missing}. */
  default String kind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(java.util.Locale.ROOT);
  }

  /** How it is mended. */
  sealed interface Cure {

    /** The doctor can do it: {@code remove the secret}. */
    record Repair(String does) implements Cure {}

    /** Somebody who knows more has to do it: {@code Run contract-builder delete …}. */
    record ByHand(String what) implements Cure {}
  }

  /** What became of a finding. */
  enum End {
    /** Nothing was tried: not asked for, or not for the doctor to do. */
    LEFT,
    REPAIRED,
    /** It was tried, and failed. */
    FAILED
  }

  /** Is told of each finding, and of what was not looked at. */
  interface Listener {

    /**
     * A finding.
     *
     * @param answer why it failed; null unless it did
     */
    void found(Finding finding, End end, @Nullable String answer);

    /**
     * Something could not be looked at.
     *
     * @param what the contract, or the part
     * @param why it could not, with what to do
     */
    void passedOver(String what, String why);
  }
}
