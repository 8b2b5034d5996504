package io.contractbuilder.image;

/** Listeners of copies that tests need. */
public final class CopyListeners {
  /** Hears nothing. */
  public static final CopyListener NONE = (blob, done, size) -> {};

  private CopyListeners() {}
}
