package io.contractbuilder.cli;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;

/** How the program ends; documented in docs/exit-codes.md. */
public enum ExitCode {
  /** What was asked for is so. */
  DONE(0),
  /** It failed, and the same again would fail again. */
  FAILED(1),
  /** The input or the settings are wrong; nothing was contacted. */
  BAD_INPUT(2),
  /** It failed, and the same again may go well. */
  RETRY_MAY_HELP(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** How a command ends that failed so. */
  static ExitCode of(Throwable fault) {
    return switch (fault) {
      case InvalidInput wrong -> BAD_INPUT;
      case PartFailure failure when failure.retryHelps() -> RETRY_MAY_HELP;
      default -> FAILED;
    };
  }

  public int code() {
    return code;
  }
}
