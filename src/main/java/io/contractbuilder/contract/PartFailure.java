package io.contractbuilder.contract;

import org.jspecify.annotations.Nullable;

/**
 * A part (registry, gateway, storage, …) did not do what was asked of it. Each room that talks to a
 * part has its own subclass. No secret, credential or query string may stand in any of its texts.
 */
public abstract class PartFailure extends RuntimeException {
  private final String part;
  private final String operation;
  private final String answer;
  private final String remedy;
  private final boolean retryHelps;

  /**
   * @param part who failed, for example {@code registry 127.0.0.1:5000}
   * @param operation what was tried, on what
   * @param answer what came back
   * @param remedy what to check or change
   * @param retryHelps whether the same may go well later
   */
  protected PartFailure(
      String part,
      String operation,
      String answer,
      String remedy,
      boolean retryHelps,
      @Nullable Throwable cause) {
    super(part + ": " + operation + ": " + answer + ". " + remedy, cause);
    this.part = part;
    this.operation = operation;
    this.answer = answer;
    this.remedy = remedy;
    this.retryHelps = retryHelps;
  }

  public String part() {
    return part;
  }

  public String operation() {
    return operation;
  }

  public String answer() {
    return answer;
  }

  public String remedy() {
    return remedy;
  }

  public boolean retryHelps() {
    return retryHelps;
  }
}
