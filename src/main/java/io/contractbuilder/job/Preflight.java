package io.contractbuilder.job;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be refused before anything is done. */
final class Preflight {
  private Preflight() {}

  /**
   * Refuses a command line that the watchdog would corrupt, and variables that would replace it.
   *
   * @param env as the task gives it
   * @throws InvalidInput with all that is wrong
   */
  static void check(
      String cmd,
      List<String> args,
      Map<String, String> env,
      boolean carriesAnyArgument,
      String watchdog) {
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
    if (cmd.isBlank()) {
      violations.add(new Violation("$.cmd", "nothing", "the program to run"));
    }
    for (String name : env.keySet()) {
      if (ContractFunction.RESERVED_ENV.contains(name)) {
        violations.add(
            new Violation(
                "$.env." + name,
                "a variable that the watchdog reads the command line from",
                "any other name; the command line is given by cmd and args"));
      }
    }
    if (!violations.isEmpty()) {
      throw new InvalidInput("contract", violations);
    }
  }
}
