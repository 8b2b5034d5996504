package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.job.ContractFunction;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.openfaas.FunctionSpec;
import io.contractbuilder.openfaas.FunctionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a deployed contract with its function, image and secrets. */
final class FunctionExamination {
  private final JobParts parts;
  private final Sightings seen;

  FunctionExamination(JobParts parts, Sightings seen) {
    this.parts = parts;
    this.seen = seen;
  }

  List<Finding> of(Stored stored, Contract contract) {
    String running = running(contract.id());
    var findings = new ArrayList<Finding>();
    boolean imageThere = images(stored, contract, running, findings);
    if (running != null && imageThere) {
      function(stored, contract, running, findings);
    }
    environment(stored, contract, findings);
    if (seen.secrets() != null) {
      unnamed(
          stored, contract, seen.secrets().getOrDefault(contract.id().value(), Set.of()), findings);
    }
    return findings;
  }

  /** The image that runs; empty: nothing does; null: it is not known. */
  private @Nullable String running(ContractId id) {
    if (seen.functions() != null) {
      return seen.functions().getOrDefault(id.value(), "");
    }
    if (seen.secrets() == null) {
      return null;
    }
    FunctionStatus status = parts.gateway().function(id.functionName());
    return status == null ? "" : status.image();
  }

  /** Also of the images that nothing needs. Answers whether the contract's own may be there. */
  private boolean images(
      Stored stored, Contract contract, @Nullable String running, List<Finding> findings) {
    if (seen.tags() == null) {
      return true;
    }
    Digest own = contract.imageDigest();
    boolean isTagged = seen.tags().contains(contract.id().value());
    @Nullable Digest tagged = isTagged ? parts.images().tagged(contract.id()) : null;
    boolean there = own != null && (own.equals(tagged) || parts.images().exists(own));
    if (!there) {
      findings.add(
          new Unclear.ImageGone(
              contract.id(),
              own == null ? "Its image" : "Its image " + parts.images().reference(own),
              contract.image()));
    }
    if (tagged != null && !tagged.equals(own)) {
      unneeded(contract.id(), tagged, running, findings);
    }
    if (stored.journal() != null) {
      for (Digest image : stored.journal().obsoleteImages()) {
        if (!image.equals(own) && !image.equals(tagged) && parts.images().exists(image)) {
          unneeded(contract.id(), image, running, findings);
        }
      }
    }
    return there;
  }

  private void unneeded(
      ContractId id, Digest image, @Nullable String running, List<Finding> findings) {
    if (running != null && !running.endsWith("@" + image)) {
      findings.add(new Leftover.LeftImage(id.value(), image, true));
    }
  }

  private void function(Stored stored, Contract contract, String running, List<Finding> findings) {
    Digest own = contract.imageDigest();
    String wanted = own == null ? "" : parts.images().reference(own);
    if (running.equals(wanted)) {
      return;
    }
    FunctionSpec spec = stored.function();
    boolean deployable =
        spec != null
            && spec.image().equals(wanted)
            && spec.service().equals(contract.id().functionName());
    findings.add(
        spec != null && deployable
            ? new Missing.FunctionAstray(contract.id(), spec, running)
            : new Unclear.FunctionUnknown(contract.id(), running, contract.image()));
  }

  /** A builder before this one stored an update's variables instead of all. */
  private static void environment(Stored stored, Contract contract, List<Finding> findings) {
    FunctionSpec spec = stored.function();
    if (spec == null || !spec.service().equals(contract.id().functionName())) {
      return;
    }
    Map<String, String> lost = ContractFunction.contractsVariables(spec);
    lost.keySet().removeAll(contract.env().keySet());
    if (!lost.isEmpty()) {
      findings.add(new Missing.EnvironmentLost(contract, lost));
    }
  }

  /** Secrets at the gateway that the contract does not name. */
  private void unnamed(
      Stored stored, Contract contract, Set<String> there, List<Finding> findings) {
    var names = new ArrayList<>(there);
    contract
        .existingSecrets()
        .forEach(name -> names.remove(ContractFunction.secretName(contract.id(), name)));
    if (names.isEmpty()) {
      return;
    }
    FunctionSpec spec = stored.function();
    for (String name : names) {
      boolean used = spec == null || spec.secrets().contains(name);
      findings.add(new Leftover.LeftSecret(contract.id(), name, true, !used));
    }
  }
}
