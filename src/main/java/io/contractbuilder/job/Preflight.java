package io.contractbuilder.job;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.util.ArrayList;
import java.util.List;

/** What can be refused before anything is done. */
final class Preflight {
  private Preflight() {}

  /**
   * Refuses arguments that the watchdog would corrupt.
   *
   * @throws InvalidInput with all that is wrong
   */
  static void check(List<String> args, boolean carriesAnyArgument, String watchdog) {
    var violations = new ArrayList<Violation>();
    if (!carriesAnyArgument) {
      for (int i = 0; i < args.size(); i++) {
        String arg = args.get(i);
        if (arg.isEmpty() || arg.indexOf(' ') >= 0) {
          violations.add(
              new Violation(
                  "$.args[" + i + "]",
                  arg.isEmpty() ? "an empty argument" : "an argument with a space",
                  "arguments without spaces, as the watchdog "
                      + watchdog
                      + " splits the command line at each; or another watchdog (builtin)"));
        }
      }
    }
    if (!violations.isEmpty()) {
      throw new InvalidInput("contract", violations);
    }
  }
}
