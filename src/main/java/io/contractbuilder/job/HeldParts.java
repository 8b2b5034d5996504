package io.contractbuilder.job;

import io.contractbuilder.image.ContractImages;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.keys.ApiKeys;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.storage.ContractLock;

/**
 * The parts of a job that has its contract. Each is asked for anew right before it is used, never
 * kept: it is only given while the contract is the job's, so that who lost it does no more to it.
 * Each throws what {@link ContractLock.Held#check} throws.
 */
final class HeldParts {
  private final JobParts parts;
  private final ContractLock.Held held;

  HeldParts(JobParts parts, ContractLock.Held held) {
    this.parts = parts;
    this.held = held;
  }

  /** Sees that the contract is the job's still. */
  void check() {
    held.check();
  }

  /** Of the lock, as {@link ContractLock.Held#token}. */
  long token() {
    return held.token();
  }

  ContractImages images() {
    check();
    return parts.images();
  }

  ApiKeys keys() {
    check();
    return parts.keys();
  }

  FunctionGateway gateway() {
    check();
    return parts.gateway();
  }

  Scheduler scheduler() {
    check();
    return parts.scheduler();
  }

  Ledger ledger() {
    check();
    return parts.ledger();
  }

  ContractDocuments documents() {
    check();
    return parts.documents();
  }

  Journals journals() {
    check();
    return parts.journals();
  }

  SearchIndex index() {
    check();
    return parts.index();
  }

  WatchdogChoice watchdogs() {
    return parts.watchdogs();
  }

  ChainIdentity chain() {
    return parts.chain();
  }
}
