package io.contractbuilder.job;

import io.contractbuilder.image.ContractImages;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.keys.ApiKeys;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.storage.ContractLock;

/** The parts that a job works on. */
public record JobParts(
    ContractImages images,
    WatchdogChoice watchdogs,
    ApiKeys keys,
    FunctionGateway gateway,
    Scheduler scheduler,
    Ledger ledger,
    ContractDocuments documents,
    Journals journals,
    SearchIndex index,
    ContractLock lock,
    ChainIdentity chain) {}
