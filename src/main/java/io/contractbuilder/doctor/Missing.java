package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.Map;
import java.util.TreeSet;

/** What a stored contract needs and what can be put back from what is stored. */
public sealed interface Missing extends Finding {

  /** The contract. */
  ContractId id();

  /** What the doctor does. */
  String does();

  @Override
  default String subject() {
    return id().value();
  }

  @Override
  default Cure cure() {
    return new Cure.Repair(does());
  }

  /**
   * Not what is stored runs.
   *
   * @param found the image that runs; empty: nothing does
   */
  record FunctionAstray(ContractId id, FunctionSpec stored, String found) implements Missing {
    @Override
    public String says() {
      return found.isEmpty()
          ? "Its function is not deployed: the chain's calls fail"
          : "Its function runs " + found + " and not " + stored.image();
    }

    @Override
    public String does() {
      return "deploy the function as it is stored";
    }
  }

  /** The contract's API key is gone. */
  record KeyGone(ContractId id, String key) implements Missing {
    @Override
    public String says() {
      return "Its API key " + key + " is not stored: the chain refuses its calls";
    }

    @Override
    public String does() {
      return "make a new key of this id, and give it to the contract";
    }
  }

  /** The contract's API key is there, and its function cannot read it. */
  record KeyNotTold(ContractId id, String key, String secret) implements Missing {
    @Override
    public String says() {
      return "The gateway has no secret " + secret + " of it: the contract cannot use its API key";
    }

    @Override
    public String does() {
      return "put the secret back from the stored key " + key;
    }
  }

  /** Variables that the function has, and the contract that is stored has not. */
  record EnvironmentLost(Contract contract, Map<String, String> lost) implements Missing {
    public EnvironmentLost {
      lost = Map.copyOf(lost);
    }

    @Override
    public ContractId id() {
      return contract.id();
    }

    @Override
    public String says() {
      return "Its function has variables that are not stored with it ("
          + String.join(", ", new TreeSet<>(lost.keySet()))
          + "): the next update would take them away";
    }

    @Override
    public String does() {
      return "store them with the contract, as its function has them";
    }
  }

  /** The chain does not find the contract. */
  record NotIndexed(ContractId id, TransactionType type) implements Missing {
    @Override
    public String says() {
      return "It is not in the search index: the chain does not find it as " + type;
    }

    @Override
    public String does() {
      return "put it into the index";
    }
  }

  /** The contract's schedule does not run, or another. */
  record NotScheduled(Contract contract, boolean another) implements Missing {
    @Override
    public ContractId id() {
      return contract.id();
    }

    @Override
    public String says() {
      return another
          ? "The scheduler holds another schedule for it than is stored"
          : "It is active and has a schedule, and the scheduler does not hold it";
    }

    @Override
    public String does() {
      return "schedule it as it is stored";
    }
  }
}
