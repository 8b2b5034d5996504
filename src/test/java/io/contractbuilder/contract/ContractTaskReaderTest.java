package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractTaskReader.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTaskReaderTest {
  private static final ContractId ID = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final TransactionType CURRENCY = new TransactionType("currency");

  @Test
  void readsTheWebserversCreate() {
    assertThat(read(Events.CREATE))
        .isEqualTo(
            new CreateContract(
                ID,
                CURRENCY,
                new ImageReference.InRegistry("docker.io", "acme/currency", "1.4.0", null),
                null,
                "node",
                List.of("index.js", "--mode", "ledger"),
                Map.of("RATE", "3"),
                Map.of(new SecretName("api-token"), new Secret("s3cr3t")),
                new Schedule.Every(30),
                ExecutionOrder.SERIAL,
                null));
  }

  @Test
  void readsTheWebserversUpdateThatKeepsNearlyEverything() {
    assertThat(read(Events.UPDATE))
        .isEqualTo(
            new UpdateContract(
                ID,
                CURRENCY,
                null,
                null,
                null,
                null,
                Map.of("RATE", "4"),
                Set.of("OLD"),
                Map.of(),
                Set.of(),
                new Schedule.Cron(CronExpression.parse("*/5 * * * mon-fri")),
                false,
                null,
                ContractState.INACTIVE,
                ContractState.ACTIVE,
                null));
  }

  @Test
  void readsADeleteThatCarriesTheStoredContract() {
    assertThat(read(Events.DELETE))
        .isEqualTo(
            new DeleteContract(
                ID,
                CURRENCY,
                new Digest("sha256:" + "0123456789abcdef".repeat(4)),
                "SC_ABCDEFGHIJKL",
                List.of(new SecretName("api-token"), new SecretName("secret-key")),
                List.of("node", "index.js")));
  }

  @Test
  void readsADeleteThatUndoesACreate() {
    String undo = Events.CREATE.replace("\"create\"", "\"delete\"");
    assertThat(read(undo))
        .isEqualTo(
            new DeleteContract(
                ID,
                CURRENCY,
                null,
                null,
                List.of(),
                List.of("node", "index.js", "--mode", "ledger")));
  }

  @Test
  void needsNoMoreThanTheRequiredFields() {
    assertThat(
            read(
                "{\"version\":\"1\",\"task_type\":\"create\",\"txn_type\":\"currency\",\"id\":\"%s\","
                        .formatted(ID)
                    + "\"image\":\"a\",\"cmd\":\"x\",\"execution_order\":\"parallel\"}"))
        .isInstanceOfSatisfying(
            CreateContract.class,
            create -> {
              assertThat(create.args()).isEmpty();
              assertThat(create.env()).isEmpty();
              assertThat(create.secrets()).isEmpty();
              assertThat(create.schedule()).isNull();
            });
  }

  @Test
  void passesOverFieldsThatItDoesNotKnow() {
    assertThat(read(Events.with(Events.CREATE, "custom", "{\"a\":[{\"b\":null}]}")))
        .isEqualTo(read(Events.CREATE));
  }

  @Test
  void partsCredentialsAtTheFirstColon() {
    assertThat(create("auth", Events.auth("user:pass:word é")).auth())
        .isEqualTo(new RegistryCredentials("user", new Secret("pass:word é")));
    assertThat(create("auth", "\"dXNl\\ncjpw\\n\"").auth())
        .isEqualTo(new RegistryCredentials("user", new Secret("p")));
    assertThat(create("auth", Events.auth("user:")).auth())
        .isEqualTo(new RegistryCredentials("user", new Secret("")));
  }

  @Test
  void lowersTheNamesOfSecrets() {
    assertThat(create("secrets", "{\"Api-Token\":\"x\"}").secrets())
        .containsOnlyKeys(new SecretName("api-token"));
    assertThat(
            (DeleteContract)
                read(Events.with(Events.DELETE, "existing_secrets", "[\"TOKEN\",\"token\"]")))
        .extracting(DeleteContract::existingSecrets)
        .isEqualTo(List.of(new SecretName("token")));
  }

  @Test
  void keepsAwkwardTextsAsTheyAre() {
    CreateContract create =
        create(
            "args", "[\"\",\"  a  b \",\"tab\\there\",\"line\\nend\",\"\\u00e9\\ud83d\\ude00\"]");
    assertThat(create.args())
        .containsExactly("", "  a  b ", "tab\there", "line\nend", "é\ud83d\ude00");
    assertThat(create("env", "{\"A.b-c_1\":\"\\u0001\\n\"}").env())
        .containsExactly(Map.entry("A.b-c_1", "\u0001\n"));
    assertThat(create("secrets", "{\"a\":\"\\u0000\\n\"}").secrets())
        .containsEntry(new SecretName("a"), new Secret("\0\n"));
  }

  @Test
  void letsNobodyChangeATask() {
    CreateContract create = create("env", "{\"AB\":\"1\"}");
    assertThat(create.args()).isUnmodifiable();
    assertThat(create.env()).isUnmodifiable();
    assertThat(create.secrets()).isUnmodifiable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci:/tmp/images:a", "docker-archive:/tmp/a.tar"})
  void takesFilesAndFoldersFromTheCommandLineOnly(String image) {
    String event = Events.with(Events.CREATE, "image", '"' + image + '"');
    assertThat(((CreateContract) commandLine(event)).image()).hasToString(image);
    assertThatThrownBy(() -> read(event))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("$.image")
        .hasMessageContaining("an image in a registry; files and folders");
  }

  @Test
  void takesSecretsAwayAndChoosesAWatchdogFromTheCommandLineOnly() {
    String event =
        Events.with(
            Events.with(Events.UPDATE, "unset_secrets", "[\"API-token\"]"),
            "watchdog",
            "\"builtin\"");
    var update = (UpdateContract) commandLine(event);
    assertThat(update.unsetSecrets()).containsExactly(new SecretName("api-token"));
    assertThat(update.watchdog()).isEqualTo("builtin");
    assertThat(read(event)).isEqualTo(read(Events.UPDATE));
  }

  @Test
  void refusesArgumentsThatAWatchdogCannotCarry() {
    var reader = new ContractTaskReader(Origin.EVENT, _ -> ArgumentRules.SPLIT_AT_SPACES);
    String event = Events.with(Events.CREATE, "args", "[\"a\",7,\"b c\",\"\",\"d\\te\"]");
    assertThatThrownBy(() -> reader.read(Events.with(event, "cmd", "\"my cmd\"").getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.violations())
                    .extracting(Violation::path)
                    .containsExactly("$.args[1]", "$.args[2]", "$.args[3]"));
    // It is taken apart, and an update's watchdog is not known here.
    String words = Events.with(Events.CREATE, "cmd", "\"my cmd\"");
    assertThat(((CreateContract) reader.read(words.getBytes(UTF_8))).cmd()).isEqualTo("my cmd");
    String update = Events.with(Events.UPDATE, "args", "[\"a b\"]");
    assertThat(((UpdateContract) reader.read(update.getBytes(UTF_8))).args())
        .containsExactly("a b");
  }

  @Test
  void takesTheEventsTreeAndItsBytesAlike() {
    assertThat(
            new ContractTaskReader(Origin.EVENT, _ -> ArgumentRules.ANY)
                .read(Events.tree(Events.CREATE)))
        .isEqualTo(read(Events.CREATE));
  }

  @ParameterizedTest
  @CsvSource({"1048576,true", "1048577,false"})
  void takesEventsOfOneMebibyte(int size, boolean taken) {
    String least = Events.with(Events.CREATE, "custom", "\"\"");
    String event =
        Events.with(
            Events.CREATE, "custom", '"' + "x".repeat(size - least.getBytes(UTF_8).length) + '"');
    assertThat(event.getBytes(UTF_8)).hasSize(size);
    if (taken) {
      assertThat(read(event)).isEqualTo(read(Events.CREATE));
    } else {
      assertThatThrownBy(() -> read(event))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("found more than 1 MiB; allowed: at most 1 MiB");
    }
  }

  private static CreateContract create(String field, String json) {
    return (CreateContract) read(Events.with(Events.CREATE, field, json));
  }

  private static ContractTask read(String event) {
    return new ContractTaskReader(Origin.EVENT, _ -> ArgumentRules.ANY).read(event.getBytes(UTF_8));
  }

  private static ContractTask commandLine(String event) {
    return new ContractTaskReader(Origin.COMMAND_LINE, _ -> ArgumentRules.ANY)
        .read(event.getBytes(UTF_8));
  }
}
