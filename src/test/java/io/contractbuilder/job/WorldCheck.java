package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.openfaas.FunctionSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether all parts hold what a contract is, and nothing else of it.
 *
 * @param disturbed whether the last job was: it may have left something for the next one
 */
record WorldCheck(World world, boolean disturbed) {

  /** After a job that says that it did what was asked. */
  void holds(ContractId id, Version version, Map<String, Set<String>> values) {
    switch (version.stage()) {
      case ABSENT, ERROR -> nothing(id);
      // A repeat of what was done before somebody wanted it deleted.
      case GOING -> {}
      case LIVE -> live(id, version, values);
    }
  }

  private void nothing(ContractId id) {
    assertThat(of(world.secrets.keySet(), id)).isEmpty();
    assertThat(of(world.functions.keySet(), id)).isEmpty();
    assertThat(world.schedules).doesNotContainKey(id.value());
    assertThat(of(world.objects.keySet(), id)).allMatch(key -> key.startsWith("CONTRACT_BUILDER/"));
    world.images.forEach(
        image -> assertThat(world.owners.get(image)).as("left: " + image).isNotEqualTo(id));
  }

  private void live(ContractId id, Version version, Map<String, Set<String>> values) {
    Contract contract = Objects.requireNonNull(world.documents().find(id));
    FunctionSpec function =
        Objects.requireNonNull(world.functions.get(id.functionName()), "no function");
    assertThat(function).as("what is stored serves").isEqualTo(world.documents().functionSpec(id));
    assertThat(function.envVars()).containsAllEntriesOf(version.env());
    assertThat(function.envVars().keySet().stream().filter(name -> name.startsWith("E_")))
        .hasSameElementsAs(version.env().keySet());
    assertThat(function.envProcess()).contains(version.cmd());
    assertThat(function.image()).endsWith("@" + contract.imageDigest());
    // What could not be removed is noted for the contract's next job.
    Journal journal = Objects.requireNonNull(new Journals(world.store).find(id));
    assertThat(
            world.images.stream()
                .filter(image -> id.equals(world.owners.get(image)))
                .filter(image -> !journal.obsoleteImages.contains(image)))
        .as("images of the contract")
        .containsExactly(contract.imageDigest());
    assertThat(disturbed || journal.obsoleteImages.isEmpty()).as("nothing is obsolete").isTrue();
    assertThat(disturbed || journal.obsoleteSecrets.isEmpty()).as("nothing is obsolete").isTrue();
    assertThat(world.sources.get(version.image()))
        .isEqualTo(world.bases.get(contract.imageDigest()));
    secrets(contract, journal, function, version, values);
    assertThat(world.schedules.containsKey(id.value()))
        .as("is scheduled")
        .isEqualTo(version.active() && version.schedule() != null);
    assertThat(of(world.objects.keySet(), id))
        .containsExactly(
            "CONTRACT_BUILDER/JOURNAL/" + id + ".json",
            "SMARTCONTRACT/" + id + "/faas_spec.json",
            "SMARTCONTRACT/" + id + "/metadata.json");
  }

  private void secrets(
      Contract contract,
      Journal journal,
      FunctionSpec function,
      Version version,
      Map<String, Set<String>> values) {
    var names = new TreeSet<String>();
    contract.existingSecrets().forEach(name -> names.add(secret(contract.id(), name)));
    var obsolete = new TreeSet<String>();
    journal.obsoleteSecrets.forEach(name -> obsolete.add(secret(contract.id(), name)));
    assertThat(of(world.secrets.keySet(), contract.id()))
        .filteredOn(name -> names.contains(name) || !obsolete.contains(name))
        .containsExactlyElementsOf(names);
    assertThat(function.secrets()).hasSameElementsAs(names);
    for (String name : version.secrets()) {
      assertThat(value(contract.id(), name))
          .as("secret " + name)
          .isIn(values.get(contract.id() + " " + name));
    }
    String key = value(contract.id(), SecretName.AUTH_KEY_ID.value());
    assertThat(key).isEqualTo(contract.authKeyId());
    assertThat(world.objects).containsKey("KEYS/" + key);
  }

  private String value(ContractId id, String name) {
    return Objects.requireNonNull(world.secrets.get(secret(id, name)), name).reveal();
  }

  private static String secret(ContractId id, String name) {
    return ContractFunction.secretName(id, name);
  }

  private static List<String> of(Set<String> names, ContractId id) {
    return names.stream().filter(name -> name.contains(id.value())).toList();
  }

  /** Every contract is deleted. */
  void isEmpty() {
    assertThat(world.images).isEmpty();
    assertThat(world.secrets).isEmpty();
    assertThat(world.functions).isEmpty();
    assertThat(world.schedules).isEmpty();
    assertThat(world.objects.keySet()).allMatch(key -> key.startsWith("CONTRACT_BUILDER/"));
  }
}
