package io.contractbuilder.contract;

import java.util.List;
import java.util.stream.Collectors;

/** An input that breaks rules; all of its violations at once. Nothing has been contacted. */
public final class InvalidInput extends RuntimeException {
  private final List<Violation> violations;

  /**
   * @param what which input, for example {@code event} or {@code settings}
   */
  public InvalidInput(String what, List<Violation> violations) {
    super(
        violations.stream()
            .map(v -> "\n  " + v)
            .collect(Collectors.joining("", "The " + what + " cannot be used:", "")));
    this.violations = List.copyOf(violations);
  }

  public List<Violation> violations() {
    return violations;
  }
}
