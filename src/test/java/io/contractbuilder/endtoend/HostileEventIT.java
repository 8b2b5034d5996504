package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractDocument;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Events whose fields hold what a hostile user would like to be taken as a path, a query or a
 * command: they are refused, or touch the contract's own objects and nothing else. All that each
 * touched is in {@code src/test/resources/chain/hostile.txt}.
 */
@NeedsRoot
class HostileEventIT extends ChainTest {
  private static final String VICTIMS_KEY = "SC_VICTIMVICTIM";

  /** The contract's own, and the queues that every contract shares; ids are named by then. */
  private static final Pattern OWN =
      Pattern.compile(
          ".*<id>.*"
              + "|(storage |cache storage:)(KEYS/<key id>|TRANSACTION_TYPES/TYPES/(hostile|many))"
              + "|redis contract-builder:(ledgered:<transaction id>|lock-token)"
              + "|redis (dc:tx:incoming|mq:scheduler) item \\d+"
              + "|registry customer-contracts@<digest \\d+>"
              + "|search (idx:(sc|hostile|many)|transaction-of-(hostile|many) amount)");

  private static final String METADATA = "SMARTCONTRACT/%s/metadata.json";

  /** What says why a task was refused, and the counter of all locks. */
  private static final Pattern TOLD =
      Pattern.compile(
          "(storage |cache storage:)"
              + METADATA.formatted("<id>")
              + "|redis contract-builder:lock-token");

  private final StringBuilder story = new StringBuilder();
  private Webserver victim;
  private Webserver own;
  private Canonical canonical;
  private String id;
  private String victimId;

  /** A chain with somebody else's contract. */
  @BeforeEach
  void startChain() throws IOException {
    bench.clear(Storage.DISK);
    id = UUID.randomUUID().toString();
    victimId = UUID.randomUUID().toString();
    canonical = new Canonical();
    canonical.name(id, "<id>");
    canonical.name(victimId, "<victim>");
    canonical.name(VICTIMS_KEY, "<victim's key>");
    own = new Webserver(bench, Storage.DISK, id, "hostile");
    victim = new Webserver(bench, Storage.DISK, victimId, "victim");
    victim.startChain();
    victim.create(event -> {});
    victim.store(Json.object().put("id", victimId).put("txn_type", "victim"));
    victim.heap("balance", "100");
    victim.put("KEYS/" + VICTIMS_KEY, ChainBench.utf8("{}"));
    bench.platformAnswer(
        "POST",
        "/system/secrets",
        Json.text(Json.object().put("name", "sc-" + victimId + "-token").put("value", "x")));
    bench.redis.hset("scheduler:params", victimId, "{}");
  }

  @Test
  void whatIsNotInTheFormIsRefusedAndTouchesNothing() throws IOException {
    for (String name :
        List.of("../../KEYS/" + VICTIMS_KEY, "*", "", victimId + "/../" + victimId)) {
      refused("create", event -> event.put("id", name));
      refused("delete", event -> event.put("id", name));
    }
    for (String type :
        List.of(
            "../../KEYS",
            "victim\r\nFLUSHALL\r\n",
            "@sc_name:{victim}",
            "victim|sc",
            "*",
            "-victim",
            "vict\u00edm",
            "victim\u0000")) {
      refused("delete", event -> event.put("txn_type", type));
    }
    for (String image :
        List.of("oci:/etc", "docker-archive:/etc/passwd", "../../etc/passwd", "a b", "--help")) {
      told("", "create", "$.image", event -> event.put("image", image));
    }
    refused("delete", event -> event.put("auth_key_id", "../SMARTCONTRACT/" + victimId));
    refused("delete", event -> event.put("image_digest", "sha256:../../latest"));
    refused("delete", event -> event.putArray("existing_secrets").add("../x"));
  }

  /** Every field but those that say whose contract it is. */
  @Test
  void whatIsRefusedIsToldToItsContractAndTouchesNothingElse() throws IOException {
    for (String waiting : List.of("", "updating")) {
      String action = waiting.isEmpty() ? "create" : "update";
      told(waiting, action, "$.secrets", e -> e.putObject("secrets").put("../../" + victimId, "1"));
      told(waiting, action, "$.secrets", e -> e.putObject("secrets").put("a,b", "1"));
      told(waiting, action, "$.secrets", e -> e.putObject("secrets").put("x-", "1"));
      told(waiting, action, "$.env", e -> e.putObject("env").put("A=B", "1"));
      told(waiting, action, "$.env", e -> e.putObject("env").put("AB", "a\u0000b"));
      told(waiting, action, "$.env.fprocess", e -> e.putObject("env").put("fprocess", "sh"));
      told(waiting, action, "$.cmd", e -> e.put("cmd", "/bin/answer\u0000"));
      told(waiting, action, "$.args", e -> e.putArray("args").add("\u0000"));
      told(waiting, action, "$.cron", e -> e.put("cron", "* * * * *\n* * * * *; FLUSHALL"));
      told(waiting, action, "$.auth", e -> e.put("auth", "no base64: " + victimId));
      told(waiting, action, "$.execution_order", e -> e.put("execution_order", "*"));
      told(waiting, action, "$.version", e -> e.put("version", "../1"));
    }
    told("updating", "update", "$.image", e -> e.put("image", "docker-archive:/etc/passwd"));
    told("updating", "update", "$.desired_state", e -> e.put("desired_state", "deleting"));
    told("updating", "update", "$.start_state", e -> e.put("start_state", "victim|sc"));
    told("deleting", "delete", "$.auth_key_id", e -> e.put("auth_key_id", "../KEYS"));
    told("deleting", "delete", "$.image_digest", e -> e.put("image_digest", "../../latest"));
    told("deleting", "delete", "$.existing_secrets", this::otherSecret);
  }

  private void otherSecret(ObjectNode event) {
    event.putArray("existing_secrets").add("../" + victimId);
  }

  /**
   * The contract says why its task was refused.
   *
   * @param waiting its state, as the webserver wrote it; empty: nothing is stored
   */
  private void told(String waiting, String action, String why, Consumer<ObjectNode> fields)
      throws IOException {
    own.put(METADATA.formatted(id), ContractDocument.write(contract()));
    if (waiting.isEmpty()) {
      Files.delete(bench.objects(Storage.DISK).resolve(METADATA.formatted(id)));
      bench.cache.del("storage:" + METADATA.formatted(id));
    } else {
      own.write(waiting);
    }
    ObjectNode event = event(action);
    fields.accept(event);
    Map<String, String> before = snapshot();
    Map<String, String> environment = bench.environment(Storage.DISK);
    environment.put("EVENT", Json.text(event));
    InProcess.Ended ended = InProcess.job(environment);
    assertThat(ended.code()).as("%s\n%s", event, ended.said()).isEqualTo(2);
    assertThat(ChainSnapshot.changes(before, snapshot(), canonical).lines())
        .as(event.toString())
        .filteredOn(line -> !line.startsWith("    "))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.substring(2)).matches(TOLD));
    assertThat(bench.gateway.requests()).isEmpty();
    JsonNode status = own.metadata().path("status");
    assertThat(status.path("state").asText())
        .isEqualTo(
            switch (action) {
              case "create" -> "error";
              case "delete" -> "delete failed";
              default -> why.equals("$.start_state") ? "active" : "inactive";
            });
    assertThat(status.path("msg").asText()).contains(why);
  }

  private Contract contract() {
    return new Contract(
        new TransactionType("hostile"),
        new ContractId(id),
        new Status(ContractState.ACTIVE, "", Instant.EPOCH),
        bench.customerImage("1"),
        null,
        Digest.of(new byte[0]),
        "/bin/answer",
        List.of(),
        Map.of(),
        List.of(),
        null,
        ExecutionOrder.SERIAL);
  }

  @Test
  void whatMayBeWrittenTouchesTheContractsOwnObjectsAlone() throws IOException {
    String odd =
        "'; FLUSHALL\r\n$(reboot) `id` ../../ {*} @sc_name:{victim} \u0001\u202e\ud83d\ude00";
    ObjectNode create =
        own.create(
            event -> {
              event.put("cmd", "/bin/answer").putArray("args").add("../../$(id)");
              event.putObject("env").put("A.b-c", odd).put("SMART_CONTRACT_ID", victimId);
              event.putObject("secrets").put("odd", odd);
              event.put("seconds", 5);
            });
    touches("a create with every odd character", Map.of("EVENT", Json.text(create)), 0);
    touches(
        "another's type and the own id",
        Map.of("EVENT", Json.text(own.delete().put("txn_type", "victim"))),
        0);

    id = UUID.randomUUID().toString();
    canonical.name(id, "<id>");
    own = new Webserver(bench, Storage.DISK, id, "many");
    create = own.create(event -> {});
    ObjectNode env = create.putObject("env");
    for (int i = 0; i < 10_000; i++) {
      env.put("VARIABLE-" + i, "v" + i);
    }
    Path file = bench.file("event.json", Json.write(create));
    touches("a create with 10,000 variables", Map.of("EVENT_FILE", file.toString()), 0);
    assertThat(own.metadata().path("env").size()).isEqualTo(10_006);
    touches("its delete", Map.of("EVENT", Json.text(deleteWithoutEnv())), 0);
    isAsInTheFile();
  }

  /** An event in the environment is at most 128 KiB on Linux. */
  private ObjectNode deleteWithoutEnv() throws IOException {
    return own.delete().putNull("env");
  }

  private ObjectNode event(String action) {
    ObjectNode event = own.task(action);
    event.put("image", bench.customerImage("1")).put("cmd", "/bin/answer");
    event.putArray("args");
    event.put("execution_order", "serial");
    if (action.equals("update")) {
      event.put("start_state", "inactive");
    }
    return event;
  }

  private void refused(String action, Consumer<ObjectNode> fields) throws IOException {
    ObjectNode event = event(action);
    fields.accept(event);
    Map<String, String> before = snapshot();
    Ended ended = bench.run(Storage.DISK, User.ROOT, Map.of("EVENT", Json.text(event)));
    assertThat(ended.code()).as("%s\n%s", event, ended.all()).isEqualTo(2);
    assertThat(snapshot()).as(event.toString()).isEqualTo(before);
    assertThat(bench.gateway.requests()).isEmpty();
  }

  private void touches(String what, Map<String, String> event, int code) throws IOException {
    Map<String, String> before = snapshot();
    Ended ended = bench.run(Storage.DISK, User.ROOT, event);
    assertThat(ended.code()).as(ended.all()).isEqualTo(code);
    List<String> touched =
        ChainSnapshot.changes(before, snapshot(), canonical)
            .lines()
            .filter(line -> !line.startsWith("    "))
            .toList();
    assertThat(touched).allSatisfy(line -> assertThat(line.substring(2)).matches(OWN));
    story.append("==== ").append(what).append('\n');
    story.append(touched.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }

  private Map<String, String> snapshot() throws IOException {
    return ChainSnapshot.of(bench, Storage.DISK, id, canonical);
  }

  private void isAsInTheFile() throws IOException {
    Path golden = Path.of("src/test/resources/chain/hostile.txt");
    if (Boolean.getBoolean("chain.write")) {
      Files.writeString(golden, story);
    }
    assertThat(story.toString()).isEqualTo(Files.readString(golden));
  }
}
