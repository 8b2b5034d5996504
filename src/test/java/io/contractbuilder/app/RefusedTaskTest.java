package io.contractbuilder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.job.ContractDocuments;
import io.contractbuilder.json.Json;
import io.contractbuilder.storage.disk.DiskObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that no job can begin: the contract says why, and does not wait for ever. */
class RefusedTaskTest {
  private static final ContractId ID = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final TransactionType TYPE = new TransactionType("currency");
  private static final String KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void aPlace() {
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    environment.put("STORAGE_LOCATION", folder.resolve("storage").toString());
    environment.put("FAAS_GATEWAY", "http://127.0.0.1:1");
  }

  @Test
  void anUpdateWithoutTheRegistrysPasswordPutsTheStateBack() throws IOException {
    environment.put("FAAS_REGISTRY", "registry.test");
    environment.put("REGISTRY_USERNAME", "builder");
    environment.put("SECRET_LOCATION", file("secrets", "{}"));
    updateFails(1, event -> event.put("seconds", 5), "registry-password");
  }

  @Test
  void anUpdateWithHalfOfTheGatewaysCredentialsPutsTheStateBack() throws IOException {
    environment.put("CONTRACT_BUILDER_GATEWAY_USER_FILE", file("user", "admin"));
    environment.put("CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE", folder.resolve("none").toString());
    updateFails(1, event -> event.put("seconds", 5), folder.resolve("none").toString());
  }

  @Test
  void anUpdateForAnotherChainsKeyPutsTheStateBack() throws IOException {
    environment.put("DRAGONCHAIN_ID", "another");
    environment.put("SECRET_LOCATION", file("secrets", "{\"private-key\":\"" + KEY + "\"}"));
    updateFails(2, event -> event.putObject("secrets").put("x-", "1"), "DRAGONCHAIN_ID");
  }

  @Test
  void anUpdateThatTheReaderRefusesPutsTheStateBack() {
    updateFails(2, event -> event.putObject("secrets").put("x-", "1"), "$.secrets");
  }

  @Test
  void anUpdateThatNeedsAWatchdogThatIsNotThereSaysSo() {
    environment.put("CONTRACT_BUILDER_WATCHDOG", "/nonexistent");
    updateFails(1, event -> event.put("image", "acme/currency:2"), "/nonexistent");
  }

  @Test
  void anUpdateThatNeedsNoWatchdogAsksForNone() {
    environment.put("CONTRACT_BUILDER_WATCHDOG", "/nonexistent");
    store(ContractState.UPDATING);

    Ended ended = run(task("update").put("start_state", "active").put("desired_state", "inactive"));

    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(status().state()).isEqualTo(ContractState.INACTIVE);
  }

  @Test
  void aDeleteThatTheReaderRefusesIsOneThatFailed() {
    store(ContractState.DELETING);
    ObjectNode event = task("delete");
    event.putArray("existing_secrets").add("a_b");

    Ended ended = run(event);

    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(status().state()).isEqualTo(ContractState.DELETE_FAILED);
    assertThat(status().message()).startsWith("Deletion failed: ").contains("$.existing_secrets");
  }

  @Test
  void aCreateThatTheReaderRefusesLeavesAContractInErrorThatCanBeDeleted() {
    Ended ended = run(task("create").put("image", "oci:/etc").put("cmd", "/bin/answer"));

    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(status().state()).isEqualTo(ContractState.ERROR);
    assertThat(status().message()).startsWith("Creation failed: ").contains("$.image");
    assertThat(stored().type()).isEqualTo(TYPE);
  }

  @Test
  void anEventThatNamesNoContractWritesNothing() {
    Ended ended = run(task("create").put("id", "../" + ID));

    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aContractThatWaitsForNothingIsLeftAlone() {
    store(ContractState.ACTIVE);
    Contract before = stored();

    run(task("create").put("image", "oci:/etc"));
    run(task("update").put("cron", "never"));

    assertThat(stored()).isEqualTo(before);
  }

  private void updateFails(int code, Consumer<ObjectNode> fields, String why) {
    store(ContractState.UPDATING);
    ObjectNode event = task("update").put("start_state", "inactive");
    fields.accept(event);

    Ended ended = run(event);

    assertThat(ended.code()).as(ended.said()).isEqualTo(code);
    assertThat(status().state()).as(ended.said()).isEqualTo(ContractState.INACTIVE);
    assertThat(status().message()).startsWith("Contract update failed: ").contains(why);
  }

  private static ObjectNode task(String action) {
    return Json.object()
        .put("version", "1")
        .put("task_type", action)
        .put("id", ID.value())
        .put("txn_type", TYPE.value());
  }

  private Ended run(ObjectNode event) {
    environment.put("EVENT", Json.text(event));
    return InProcess.job(environment);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** As the webserver does before it queues a task. */
  private void store(ContractState state) {
    documents()
        .save(
            new Contract(
                TYPE,
                ID,
                new Status(state, "", Instant.EPOCH),
                "docker.io/acme/currency:1",
                null,
                Digest.of(new byte[] {1}),
                "/bin/answer",
                List.of(),
                Map.of(),
                List.of(),
                null,
                ExecutionOrder.SERIAL));
  }

  private ContractDocuments documents() {
    return new ContractDocuments(new DiskObjectStore(folder.resolve("storage")));
  }

  private Contract stored() {
    return Objects.requireNonNull(documents().find(ID), "no contract");
  }

  private Status status() {
    return stored().status();
  }
}
