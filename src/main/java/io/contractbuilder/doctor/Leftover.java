package io.contractbuilder.doctor;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.TransactionType;

/** What nobody needs. */
public sealed interface Leftover extends Finding {

  /** Whether it is certain that nobody does; if not, it is left alone. */
  boolean certain();

  /** What it is: {@code function contract-…}. */
  String thing();

  /** Why nobody needs it. */
  default String why() {
    return "there is no such contract";
  }

  @Override
  default String says() {
    return "The " + thing() + " is left over: " + why();
  }

  @Override
  default Cure cure() {
    return certain()
        ? new Cure.Repair("remove it")
        : new Cure.ByHand(
            "Whether it is this chain's cannot be said (docs/doctor.md): if it is, remove it");
  }

  /** A function. */
  record LeftFunction(ContractId id, boolean certain) implements Leftover {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String thing() {
      return "function " + id.functionName();
    }
  }

  /**
   * A secret.
   *
   * @param contract whether there is the contract, which does not name it
   */
  record LeftSecret(ContractId id, String name, boolean contract, boolean certain)
      implements Leftover {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public String thing() {
      return "secret " + name;
    }

    @Override
    public String why() {
      return contract ? "the contract does not name it" : Leftover.super.why();
    }

    @Override
    public Cure cure() {
      return contract && !certain
          ? new Cure.ByHand("If its function does not read it, remove it")
          : Leftover.super.cure();
    }
  }

  /** A built image. */
  record LeftImage(String subject, Digest image, boolean certain) implements Leftover {
    @Override
    public String thing() {
      return "image " + image;
    }

    @Override
    public String why() {
      return "no contract is deployed from it";
    }
  }

  /** An API key. */
  record LeftKey(String key, boolean certain) implements Leftover {
    @Override
    public String subject() {
      return key;
    }

    @Override
    public String thing() {
      return "API key " + key;
    }

    @Override
    public String why() {
      return "it is no contract's";
    }

    @Override
    public Cure cure() {
      return certain
          ? Leftover.super.cure()
          : new Cure.ByHand("Mend the documents that cannot be read first: it may be theirs");
    }
  }

  /** A schedule. */
  record LeftSchedule(ContractId id, TransactionType type, ExecutionOrder order, boolean contract)
      implements Leftover {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public boolean certain() {
      return true;
    }

    @Override
    public String thing() {
      return "schedule";
    }

    @Override
    public String why() {
      return contract
          ? "the contract is not active, or has none"
          : "there is no such contract, and the chain goes on calling it";
    }
  }

  /** A schedule that is none, or no contract's. */
  record BadSchedule(String subject) implements Leftover {
    @Override
    public boolean certain() {
      return false;
    }

    @Override
    public String thing() {
      return "schedule";
    }

    @Override
    public String why() {
      return "it cannot be read, or is no contract's; the chain's scheduler stops on such a one";
    }

    @Override
    public Cure cure() {
      return new Cure.ByHand(
          "Look at the field " + subject + " of scheduler:params, or at the file in schedules");
    }
  }

  /** A document in the search index. */
  record LeftDocument(ContractId id) implements Leftover {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public boolean certain() {
      return true;
    }

    @Override
    public String thing() {
      return "document in the search index";
    }

    @Override
    public String why() {
      return "there is no such contract, and no transaction type was made for it";
    }
  }

  /** The transaction type of a contract that was deleted. */
  record LeftType(ContractId id, TransactionType type) implements Leftover {
    @Override
    public String subject() {
      return id.value();
    }

    @Override
    public boolean certain() {
      return true;
    }

    @Override
    public String thing() {
      return "transaction type " + type;
    }

    @Override
    public String why() {
      return "its contract was deleted";
    }
  }
}
