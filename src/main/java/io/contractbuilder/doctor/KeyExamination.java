package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.job.ContractFunction;
import io.contractbuilder.job.JobParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Compares a deployed contract with its API key and the secrets that it names. */
final class KeyExamination {
  private final JobParts parts;
  private final Sightings seen;

  KeyExamination(JobParts parts, Sightings seen) {
    this.parts = parts;
    this.seen = seen;
  }

  List<Finding> of(Contract contract) {
    var findings = new ArrayList<Finding>();
    String key = contract.authKeyId();
    boolean keyThere = key != null && (seen.keys().contains(key) || parts.keys().find(key) != null);
    if (key == null) {
      findings.add(new Unclear.NoKey(contract.id()));
    } else if (!keyThere) {
      findings.add(new Missing.KeyGone(contract.id(), key));
    }
    if (seen.secrets() == null) {
      return findings;
    }
    Set<String> there = seen.secrets().getOrDefault(contract.id().value(), Set.of());
    for (String name : contract.existingSecrets()) {
      boolean carriesKey = isKeys(name);
      if (!there.contains(ContractFunction.secretName(contract.id(), name))) {
        if (!carriesKey) {
          findings.add(new Unclear.SecretGone(contract.id(), name));
        } else if (key != null && keyThere) {
          findings.add(new Missing.KeyNotTold(contract.id(), key, name.toLowerCase(Locale.ROOT)));
        }
      }
    }
    return findings;
  }

  private static boolean isKeys(String name) {
    return name.equalsIgnoreCase(SecretName.SECRET_KEY.value())
        || name.equalsIgnoreCase(SecretName.AUTH_KEY_ID.value());
  }
}
