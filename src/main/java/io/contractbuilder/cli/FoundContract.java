package io.contractbuilder.cli;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.util.List;

/** Finds the contract that a person names. */
final class FoundContract {
  private FoundContract() {}

  /**
   * The contract whose id or transaction type is {@code name}.
   *
   * @throws InvalidInput if there is none, or more than one
   */
  static Contract of(Program program, String name) {
    List<Contract> contracts = program.contracts();
    List<Contract> found =
        contracts.stream()
            .filter(c -> c.id().value().equals(name) || c.type().value().equals(name))
            .toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String number =
        found.size() > 1
            ? ", which is the type of several"
            : contracts.isEmpty() ? ", and there is no contract yet" : ", which no contract has";
    String allowed =
        found.size() > 1
            ? "one of the ids " + String.join(", ", ids(found))
            : contracts.isEmpty()
                ? "the type or id of one that `contract-builder create` made"
                : "a type or id that `contract-builder list` shows";
    throw new InvalidInput(
        "contract's name", List.of(new Violation("CONTRACT", '"' + name + '"' + number, allowed)));
  }

  private static List<String> ids(List<Contract> contracts) {
    return contracts.stream().map(c -> c.id().value()).toList();
  }
}
