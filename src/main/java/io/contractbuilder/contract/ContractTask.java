package io.contractbuilder.contract;

/** What is to be done with one contract. */
public sealed interface ContractTask permits CreateContract, UpdateContract, DeleteContract {

  ContractId id();

  TransactionType type();

  /** The action's name as it stands in events and ledgered payloads. */
  String action();
}
