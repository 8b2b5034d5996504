package io.contractbuilder.local.functions;

/** A request that the platform answers with an error. */
public final class Refused extends Exception {
  private final int status;

  /**
   * @param status of HTTP
   * @param message the answer's body
   */
  public Refused(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** The same reason with another status. */
  Refused as(int otherStatus) {
    Refused same = new Refused(otherStatus, String.valueOf(getMessage()));
    same.initCause(this);
    return same;
  }
}
