package io.contractbuilder.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.endtoend.ChainBench.User;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      refused("create", event -> event.put("image", image));
    }
    refused("create", event -> event.putObject("secrets").put("../../" + victimId, "1"));
    refused("create", event -> event.putObject("secrets").put("a,b", "1"));
    refused("create", event -> event.putObject("env").put("A=B", "1"));
    refused("create", event -> event.putObject("env").put("AB", "a\u0000b"));
    refused("create", event -> event.put("cmd", "/bin/answer\u0000"));
    refused("create", event -> event.put("cron", "* * * * *\n* * * * *; FLUSHALL"));
    refused("delete", event -> event.put("auth_key_id", "../SMARTCONTRACT/" + victimId));
    refused("delete", event -> event.put("image_digest", "sha256:../../latest"));
    refused("delete", event -> event.putArray("existing_secrets").add("../x"));
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

  private void refused(String action, Consumer<ObjectNode> fields) throws IOException {
    ObjectNode event = own.task(action);
    event.put("image", bench.customerImage("1")).put("cmd", "/bin/answer");
    event.putArray("args");
    event.put("execution_order", "serial");
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
