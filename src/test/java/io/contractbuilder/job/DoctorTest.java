package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Status;
import io.contractbuilder.doctor.Doctor;
import io.contractbuilder.doctor.Finding;
import io.contractbuilder.openfaas.FunctionSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that can be amiss, on parts in memory. */
class DoctorTest {
  private static final ContractId OTHER = new ContractId("9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final String METADATA = "SMARTCONTRACT/" + Tasks.ID + "/metadata.json";
  private static final String JOURNAL = "CONTRACT_BUILDER/JOURNAL/" + Tasks.ID + ".json";
  private static final String TYPE = "TRANSACTION_TYPES/TYPES/currency";

  private final World world = new World();

  @BeforeEach
  void aContract() {
    register("currency", Tasks.ID);
    world.run(Tasks.create(), "create");
    world.effects.revive();
  }

  @Test
  void aWholeContractIsWellAndLookingChangesNothing() {
    assertThat(look()).isEmpty();
    assertThat(repair()).isEmpty();
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void aFunctionThatIsGoneIsDeployedAsItIsStored() {
    Map<String, FunctionSpec> before = Map.copyOf(world.functions);
    world.functions.clear();

    mends("function_astray LEFT");
    assertThat(world.functions).isEqualTo(before);
  }

  @Test
  void aFunctionOfAnotherImageIsDeployedAsItIsStored() {
    FunctionSpec spec = world.function();
    world.functions.put(spec.service(), withImage(spec, "elsewhere/any@" + Digest.of(new byte[1])));

    mends("function_astray LEFT");
    assertThat(world.function()).isEqualTo(spec);
  }

  @Test
  void anImageThatIsGoneIsTheOwnersToGive() {
    world.images.clear();

    stays("image_gone LEFT");
    assertThat(world.run(Tasks.update().image("acme/currency:1").task(), "again"))
        .isInstanceOf(Outcome.Done.class);
    world.effects.revive();
    assertThat(look()).isEmpty();
  }

  @Test
  void aSecretThatIsGoneIsTheOwnersToGive() {
    world.secrets.remove("sc-" + Tasks.ID + "-api-token");

    stays("secret_gone LEFT");
    assertThat(world.run(Tasks.update().secret("api-token", "x").task(), "again"))
        .isInstanceOf(Outcome.Done.class);
    world.effects.revive();
    assertThat(look()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret-key", "auth-key-id"})
  void theKeysOwnSecretsArePutBack(String name) {
    Map<String, Secret> before = Map.copyOf(world.secrets);
    world.secrets.remove("sc-" + Tasks.ID + "-" + name);

    mends("key_not_told LEFT");
    assertThat(world.secrets).isEqualTo(before);
  }

  @Test
  void aKeyThatIsGoneIsMadeAnewAndTold() {
    String former = world.secret("secret-key");
    String id = Objects.requireNonNull(contract().authKeyId());
    world.objects.remove("KEYS/" + id);

    mends("key_gone LEFT");
    assertThat(world.parts().keys().find(id))
        .isNotNull()
        .extracting(key -> key.key().reveal())
        .isEqualTo(world.secret("secret-key"))
        .isNotEqualTo(former);
  }

  @Test
  void aContractThatIsNotInTheIndexIsPutThere() {
    world.indexed.clear();

    mends("not_indexed LEFT");
    assertThat(world.indexed).containsExactly(Tasks.ID.value());
  }

  @Test
  void aScheduleThatDoesNotRunIsPutBack() {
    Map<String, String> before = Map.copyOf(world.schedules);
    world.schedules.clear();

    mends("not_scheduled LEFT");
    assertThat(world.schedules).isEqualTo(before);
    world.schedules.replaceAll((id, held) -> held.replace(":30", ":31"));
    mends("not_scheduled LEFT");
    assertThat(world.schedules).isEqualTo(before);
  }

  @Test
  void aScheduleOfAnInactiveContractEnds() {
    Contract active = contract();
    world.documents().save(active.withStatus(state(ContractState.INACTIVE)));

    mends("left_schedule LEFT");
    assertThat(world.schedules).isEmpty();
  }

  @Test
  void whatIsLeftOfNoContractIsRemovedAndItsNeighbourStays() {
    Digest image = Digest.of("left".getBytes(StandardCharsets.UTF_8));
    world.images.add(image);
    world.tags.put(OTHER, image);
    world.functions.put(OTHER.functionName(), withName(world.function(), OTHER.functionName()));
    world.secrets.put("sc-" + OTHER + "-token", new Secret("x"));
    world.schedules.put(
        OTHER.value(),
        Objects.requireNonNull(world.schedules.get(Tasks.ID.value()))
            .replace(Tasks.ID.value(), OTHER.value()));
    world.indexed.add(OTHER.value());
    put("KEYS/SC_ABCDEFGHIJKL", "{}");
    put("KEYS/A_PERSONS_KEY", "{}");

    mends(
        "left_function LEFT",
        "left_secret LEFT",
        "left_image LEFT",
        "left_schedule LEFT",
        "left_document LEFT",
        "left_key LEFT");
    assertThat(world.images).hasSize(1);
    assertThat(world.functions).hasSize(1);
    assertThat(world.objects).containsKey("KEYS/A_PERSONS_KEY");
    assertThat(world.objects).doesNotContainKey("KEYS/SC_ABCDEFGHIJKL");
    assertThat(look()).isEmpty();
  }

  @Test
  void whatMayBeAnotherChainsIsLeftAlone() {
    FunctionSpec foreign = withName(world.function(), "contract-" + OTHER);
    var labels = new TreeMap<>(foreign.labels());
    labels.put("com.dragonchain.id", "another");
    world.functions.put(foreign.service(), withLabels(foreign, labels));
    world.secrets.put("sc-" + OTHER + "-token", new Secret("x"));
    assertThat(look()).isEmpty();
    var third = new ContractId("7f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
    world.secrets.put("sc-" + third + "-token", new Secret("x"));

    stays("left_secret LEFT");
  }

  @Test
  void anImageThatNothingElseTellsOfMayBeOfAnotherChain() {
    Digest image = Digest.of("left".getBytes(StandardCharsets.UTF_8));
    world.images.add(image);
    world.tags.put(OTHER, image);

    stays("left_image LEFT");
  }

  @Test
  void anEmptyStorageMayBeTheWrongOne() {
    world.objects.clear();
    world.schedules.clear();
    world.indexed.clear();

    assertThat(repair()).isNotEmpty().allMatch(found -> found.endsWith(" LEFT"));
    assertThat(world.functions).hasSize(1);
    assertThat(world.secrets).hasSize(3);
    assertThat(world.images).hasSize(1);
  }

  @Test
  void whatADeletedContractLeftGoes() {
    world.run(Tasks.delete(), "delete");
    world.effects.revive();
    assertThat(look()).isEmpty();
    register("currency", Tasks.ID);
    world.secrets.put("sc-" + Tasks.ID + "-token", new Secret("x"));

    mends("left_secret LEFT", "left_type LEFT");
    assertThat(world.objects).doesNotContainKey(TYPE);
    assertThat(world.indexed).isEmpty();
  }

  @Test
  void aContractThatWasNeverStoredIsItsCreatesOrDeletes() {
    world.objects.remove(METADATA);
    world.objects.remove(JOURNAL);
    Map<String, FunctionSpec> functions = Map.copyOf(world.functions);

    assertThat(repair()).contains("never_stored LEFT").hasSize(2).contains("left_key REPAIRED");
    assertThat(world.functions).isEqualTo(functions);
    assertThat(world.run(Tasks.create(), "create again")).isInstanceOf(Outcome.Done.class);
    world.effects.revive();
    assertThat(look()).isEmpty();
  }

  @Test
  void dataWithoutAContractIsNeverRemoved() {
    put("SMARTCONTRACT/" + OTHER + "/HEAP/a", "1");

    stays("data_only LEFT");
    assertThat(world.objects).containsKey("SMARTCONTRACT/" + OTHER + "/HEAP/a");
  }

  @ParameterizedTest
  @EnumSource(names = {"PENDING", "UPDATING", "DELETING", "DELETE_FAILED"})
  void aStateThatNobodyEndsIsSaid(ContractState state) {
    world.documents().save(contract().withStatus(state(state)));
    world.functions.clear();

    stays("stuck LEFT");
  }

  @Test
  void aJobThatWasCutOffIsToBeRunAgain() {
    world.effects.troubleAt(14, Effects.Trouble.KILLED_BEFORE);
    try {
      world.run(Tasks.update().image("acme/currency:2").env("A", "b").task(), "u");
    } catch (Effects.Killed _) {
      // As intended.
    }
    world.effects.revive();

    stays("unfinished_job LEFT");
    world.run(Tasks.update().image("acme/currency:2").env("A", "b").task(), "u");
    world.effects.revive();
    assertThat(look()).isEmpty();
  }

  @Test
  void whatAJobWorksOnIsPassedOver() {
    world.functions.clear();
    world.locked = true;

    assertThat(repair()).containsExactly("passed over contract " + Tasks.ID);
    assertThat(world.effects.changes()).isEmpty();
  }

  @Test
  void anImageThatCouldNotBeRemovedIsRemovedNow() {
    Digest former = Objects.requireNonNull(contract().imageDigest());
    world.deletionAllowed = false;
    world.run(Tasks.update().image("acme/currency:2").task(), "u");
    world.images.add(former);
    world.effects.revive();
    // It is in nobody's list any more, but by the tag that it had.
    world.tags.put(Tasks.ID, former);
    assertThat(repair()).containsExactly("left_image FAILED");
    world.deletionAllowed = true;

    mends("left_image LEFT");
    assertThat(world.images).containsExactly(contract().imageDigest());
  }

  @Test
  void aSecretThatTheContractDoesNotNameIsRemoved() {
    world.secrets.put("sc-" + Tasks.ID + "-former", new Secret("x"));

    mends("left_secret LEFT");
    assertThat(world.secrets).hasSize(3);
  }

  @Test
  void twoContractsOfOneTypeAreNamed() {
    put(
        METADATA.replace(Tasks.ID.value(), OTHER.value()),
        new String(world.objects.get(METADATA), StandardCharsets.US_ASCII)
            .replace(Tasks.ID.value(), OTHER.value()));

    assertThat(look()).contains("shared_type LEFT", "not_its_type LEFT");
  }

  @Test
  void aTypeThatIsAnothersOrNobodysIsSaid() {
    world.objects.remove(TYPE);
    stays("not_its_type LEFT");
    register("currency", OTHER);
    world.indexed.remove(OTHER.value());
    stays("never_stored LEFT", "not_its_type LEFT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"dcrn\":\"SmartContract::L1::AtRest\"}"})
  void metadataThatCannotBeReadIsReportedAndTheJobSaysSo(String document) {
    put(METADATA, document);

    assertDamaged("damaged_metadata LEFT", METADATA);
  }

  @Test
  void anUnknownStateIsReportedAndTheJobSaysSo() {
    damage(METADATA, "\"state\":\"active\"", "\"state\":\"dancing\"");

    assertDamaged("damaged_metadata LEFT", "dancing");
  }

  @Test
  void metadataOfAnotherContractIsReportedAndTheJobSaysSo() {
    damage(METADATA, Tasks.ID.value(), OTHER.value());

    assertDamaged("damaged_metadata LEFT", OTHER.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"version\":\"1\"}", "null"})
  void aDamagedJournalIsReportedAndTheJobSaysSo(String document) {
    put(JOURNAL, document);

    assertDamaged("damaged_journal LEFT", JOURNAL);
  }

  @Test
  void aJournalOfANewerVersionIsReportedAndTheJobSaysSo() {
    damage(JOURNAL, "\"version\":\"1\"", "\"version\":\"2\"");

    assertDamaged("damaged_journal LEFT", "of version \"2\"");
  }

  @Test
  void aJournalWithATimeThatIsNoneIsDamaged() {
    damage(JOURNAL, "\"started\":\"2026", "\"started\":\"soon");

    assertDamaged("damaged_journal LEFT", JOURNAL);
  }

  private void assertDamaged(String found, String words) {
    Map<String, byte[]> before = new TreeMap<>(world.objects);
    put("KEYS/SC_ABCDEFGHIJKL", "{}");
    // Whose key it is cannot be said while something cannot be read.
    assertThat(repair()).contains(found).allMatch(line -> line.endsWith(" LEFT"));
    world.objects.remove("KEYS/SC_ABCDEFGHIJKL");

    for (var task : List.of(Tasks.update().env("A", "b").task(), Tasks.delete(), Tasks.create())) {
      assertThat(world.run(task, "after"))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).contains("read the ", words, "doctor"));
    }
    assertThat(world.objects).isEqualTo(before);
    assertThat(world.functions).hasSize(1);
  }

  @Test
  void aContractThatIsOnlyInTheIndexIsUnknownToAnUpdateAndGoneAfterADelete() {
    world.objects.remove(METADATA);
    world.objects.remove(JOURNAL);

    assertThat(world.run(Tasks.update().env("A", "b").task(), "u"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("There is no contract " + Tasks.ID));
    assertThat(world.run(Tasks.delete(), "d")).isInstanceOf(Outcome.Done.class);
    assertThat(world.indexed).isEmpty();
  }

  @Test
  void aPartThatIsSilentIsPassedOverAndTheOthersAreCompared() {
    world.indexed.clear();
    world.effects.broken = "gateway.";

    assertThat(look())
        .containsExactlyInAnyOrder(
            "passed over functions without a contract", "passed over secrets", "not_indexed LEFT");
  }

  @Test
  void aGatewayThatListsNothingIsAskedForEachFunction() {
    world.functions.clear();
    world.effects.broken = "gateway.functions?";

    assertThat(look())
        .containsExactlyInAnyOrder(
            "passed over functions without a contract", "function_astray LEFT");
  }

  @Test
  void variablesThatTheFormerBuilderLostAreStoredAsTheFunctionHasThem() {
    Contract whole = Objects.requireNonNull(world.documents().find(Tasks.ID));
    world.storeEnvironment(whole, Map.of("STAGE", "test"));

    mends("environment_lost LEFT");
    assertThat(Objects.requireNonNull(world.documents().find(Tasks.ID)).env())
        .containsExactlyInAnyOrderEntriesOf(whole.env());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"service\":", "not JSON"})
  void aFunctionThatCannotBeReadIsReported(String document) {
    world.objects.put(
        "SMARTCONTRACT/" + Tasks.ID + "/faas_spec.json", document.getBytes(StandardCharsets.UTF_8));

    stays("damaged_function LEFT");
  }

  @Test
  void aTransactionThatTheLedgerLacksIsSaid() {
    world.transactions.clear();

    stays("not_ledgered LEFT");
  }

  private void mends(String... found) {
    assertThat(look()).containsExactlyInAnyOrder(found);
    world.effects.revive();
    assertThat(repair())
        .containsExactlyInAnyOrder(
            List.of(found).stream()
                .map(line -> line.replace("LEFT", "REPAIRED"))
                .toArray(String[]::new));
    assertThat(look()).isEmpty();
  }

  private void stays(String... found) {
    assertThat(look()).containsExactlyInAnyOrder(found);
    world.effects.revive();
    assertThat(repair()).containsExactlyInAnyOrder(found);
    assertThat(world.effects.changes()).isEmpty();
  }

  private List<String> look() {
    var told = new Told();
    Doctor.looking(world.parts(), told).run();
    return told.lines;
  }

  private List<String> repair() {
    var told = new Told();
    Doctor.repairing(world.parts(), told, Duration.ofSeconds(1), world.clock(), new Random(3))
        .run();
    return told.lines;
  }

  private static final class Told implements Finding.Listener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void found(Finding finding, Finding.End end, @Nullable String answer) {
      assertThat(finding.says()).isNotEmpty().doesNotContain(Tasks.CANARY);
      lines.add(finding.kind() + " " + end);
    }

    @Override
    public void passedOver(String what, String why) {
      lines.add("passed over " + what);
    }
  }

  private Contract contract() {
    return Objects.requireNonNull(world.documents().find(Tasks.ID));
  }

  private static Status state(ContractState state) {
    return new Status(state, "", Instant.EPOCH);
  }

  private void register(String type, ContractId id) {
    put(
        "TRANSACTION_TYPES/TYPES/" + type,
        "{\"version\":\"2\",\"txn_type\":\"" + type + "\",\"contract_id\":\"" + id + "\"}");
    world.indexed.add(id.value());
  }

  private void put(String key, String document) {
    world.objects.put(key, document.getBytes(StandardCharsets.US_ASCII));
  }

  private void damage(String key, String what, String by) {
    String document = new String(world.objects.get(key), StandardCharsets.US_ASCII);
    assertThat(document).contains(what);
    put(key, document.replace(what, by));
  }

  private static FunctionSpec withImage(FunctionSpec spec, String image) {
    return new FunctionSpec(
        spec.service(),
        image,
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        spec.labels(),
        spec.limits(),
        spec.requests());
  }

  private static FunctionSpec withName(FunctionSpec spec, String name) {
    return new FunctionSpec(
        name,
        spec.image(),
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        spec.labels(),
        spec.limits(),
        spec.requests());
  }

  private static FunctionSpec withLabels(FunctionSpec spec, Map<String, String> labels) {
    return new FunctionSpec(
        spec.service(),
        spec.image(),
        spec.envProcess(),
        spec.envVars(),
        spec.secrets(),
        labels,
        spec.limits(),
        spec.requests());
  }
}
