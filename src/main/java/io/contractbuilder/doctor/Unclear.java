package io.contractbuilder.doctor;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.TransactionType;
import java.util.List;

/** Nothing that the doctor touches: it would be a guess, or is a job's to finish. */
public sealed interface Unclear extends Finding {

  /** What to do about it by hand. */
  String what();

  @Override
  default Cure cure() {
    return new Cure.ByHand(what());
  }

  /** The event by which a contract of which little is stored is deleted. */
  private static String deleteEvent(String id, String type) {
    return "contract-builder delete --file EVENT, with the event {\"version\":\"1\","
        + "\"task_type\":\"delete\",\"txn_type\":\""
        + type
        + "\",\"id\":\""
        + id
        + "\"}";
  }

  /** A contract's document that cannot be read. */
  record DamagedMetadata(ContractId id, String reason) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return reason + ": neither the chain nor a job can work with the contract";
    }

    @Override
    public String what() {
      return "Mend the object, or put a copy of it back. To give the contract up, move it away and run "
          + deleteEvent(id.value(), "TYPE");
    }
  }

  /** What is stored of a contract's function cannot be read. */
  record DamagedFunction(ContractId id, String reason) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return reason
          + ": jobs of the contract are refused, and its function could not be deployed"
          + " again";
    }

    @Override
    public String what() {
      return "Put a copy of the object back; or move it away and run contract-builder update "
          + id
          + " --image IMAGE";
    }
  }

  /** A journal that cannot be read. */
  record DamagedJournal(String id, String reason) implements Unclear {
    @Override
    public String subject() {
      return id;
    }

    @Override
    public String says() {
      return reason + ": jobs of the contract are refused";
    }

    @Override
    public String what() {
      return "If a newer contract-builder wrote it, use that one. Else put a copy back, or move it away:"
          + " the next job then goes by what is stored, and what a job that was cut off had made may"
          + " stay; look here again";
    }
  }

  /** A transaction type's document that cannot be read. */
  record DamagedType(String type, String reason) implements Unclear {
    @Override
    public String subject() {
      return type;
    }

    @Override
    public String says() {
      return reason + ": whose the type is cannot be said";
    }

    @Override
    public String what() {
      return "Mend the object, or put a copy of it back";
    }
  }

  /** A job that was cut off and that nobody runs. */
  record UnfinishedJob(ContractId id, TransactionType type, String action) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "Its job (" + action + " of " + type + ") was cut off, and nobody goes on with it";
    }

    @Override
    public String what() {
      return action.equals("delete")
          ? "Run contract-builder delete "
              + id
              + ", or where it is not listed any more "
              + deleteEvent(id.value(), type.value())
          : "Give the same task again; or contract-builder delete " + id;
    }
  }

  /** A state that only lasts while a job is at work, or waits for one. */
  record Stuck(ContractId id, ContractState state) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "It is \""
          + state.wire()
          + "\", and no job works on it: its task still waits, was lost, or failed";
    }

    @Override
    public String what() {
      return switch (state) {
        case UPDATING -> "If no task of it waits, run contract-builder update " + id;
        case DELETING, DELETE_FAILED -> "If no task of it waits, run contract-builder delete " + id;
        case PENDING, ERROR, ACTIVE, INACTIVE ->
            "If no task of it waits, delete it (contract-builder delete "
                + id
                + ") and create it again";
      };
    }
  }

  /** A contract that the chain took, of which no contract was ever stored. */
  record NeverStored(ContractId id, TransactionType type) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "The transaction type "
          + type
          + " was made for it, and no contract is stored: its create still waits, was lost, or"
          + " was cut off";
    }

    @Override
    public String what() {
      return "If no task of it waits, create it again with this id, or run "
          + deleteEvent(id.value(), type.value());
    }
  }

  /** Data without the contract that it belongs to. */
  record DataOnly(ContractId id, int objects) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "There is data of it in the storage (" + objects + " objects), but no contract";
    }

    @Override
    public String what() {
      return "Put its metadata.json back if it was lost; else keep what is of use in SMARTCONTRACT/"
          + id
          + "/HEAP and run "
          + deleteEvent(id.value(), "TYPE");
    }
  }

  /** Two contracts or more with one transaction type: the chain invokes one of them. */
  record SharedType(TransactionType type, List<ContractId> ids) implements Unclear {
    public SharedType {
      ids = List.copyOf(ids);
    }

    @Override
    public String subject() {
      return type.value();
    }

    @Override
    public String says() {
      return "Several contracts have this transaction type: "
          + String.join(", ", ids.stream().map(ContractId::value).toList());
    }

    @Override
    public String what() {
      return "Delete all but one, by its id: the type stays with the contract that its document names";
    }
  }

  /** A contract whose transaction type is unknown to the chain, or another's. */
  record NotItsType(ContractId id, TransactionType type, String owner) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return owner.isEmpty()
          ? "Its transaction type " + type + " is not registered: the chain does not invoke it"
          : "Its transaction type " + type + " is registered for " + owner;
    }

    @Override
    public String what() {
      return "Register the type again with its own indexes (they are not stored elsewhere), or delete"
          + " the contract and create it again";
    }
  }

  /** A deployed contract that needs what nobody can give back but its owner. */
  record ImageGone(ContractId id, String image, String source) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return image + " is not there any more: the function ends with its next restart";
    }

    @Override
    public String what() {
      return "Run contract-builder update " + id + " --image " + source;
    }
  }

  /**
   * Not what is stored runs, and what is stored could not be deployed again.
   *
   * @param found the image that runs; empty: nothing does
   */
  record FunctionUnknown(ContractId id, String found, String source) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return (found.isEmpty() ? "Its function is not deployed" : "Its function runs " + found)
          + ", and no function of the contract's image is stored";
    }

    @Override
    public String what() {
      return "Run contract-builder update " + id + " --image " + source;
    }
  }

  /** A deployed contract that never had an API key. */
  record NoKey(ContractId id) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "It has no API key: it cannot call the chain";
    }

    @Override
    public String what() {
      return "If it is to call the chain, delete it and create it again";
    }
  }

  /** A secret that the contract's owner gave and that is gone. */
  record SecretGone(ContractId id, String name) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "The gateway has no secret " + name + " of it, and its value is stored nowhere else";
    }

    @Override
    public String what() {
      return "Run contract-builder update " + id + " --secret " + name + "=FILE";
    }
  }

  /** A finished action that does not stand in the ledger. */
  record NotLedgered(ContractId id, String action, String transaction) implements Unclear {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String says() {
      return "The ledger lacks the transaction " + transaction + " of its last " + action;
    }

    @Override
    public String what() {
      return "Look whether the ledger is the right one, and whole (CONTRACT_BUILDER_LEDGER)";
    }
  }
}
