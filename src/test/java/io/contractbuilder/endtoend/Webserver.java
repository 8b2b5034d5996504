package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.ChainBench.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redis.clients.jedis.Jedis;

/**
 * Does to storage, cache and index what the chain's webserver does before it queues a task, and
 * makes the task (chain formats, §1 and §4).
 */
final class Webserver {
  private static final String TYPES = "TRANSACTION_TYPES/TYPES/";

  private final ChainBench bench;
  private final Path objects;
  private final String id;
  private final String type;

  Webserver(ChainBench bench, ChainBench.Storage storage, String id, String type) {
    this.bench = bench;
    this.objects = bench.objects(storage);
    this.id = id;
    this.type = type;
    bench.contracts.add(id);
  }

  /** What a chain has before its first contract. */
  void startChain() {
    searches("FT.CREATE", "sc", "SCHEMA", "sc_name", "TAG");
    searches("FT.CREATE", "bk", "SCHEMA", "block_id", "NUMERIC");
    searches("FT.CREATE", "tx", "SCHEMA", "tag", "TEXT");
  }

  /** Takes a request to create: the type and the document are the contract's from now on. */
  ObjectNode create(Consumer<ObjectNode> fields) throws IOException {
    ObjectNode custom = Json.object();
    custom.put("version", "2").put("txn_type", type);
    custom
        .putArray("custom_indexes")
        .addObject()
        .put("path", "$.amount")
        .put("field_name", "amount")
        .put("type", "number");
    custom.put("contract_id", id).put("active_since_block", "7");
    put(TYPES + type, Json.write(custom));
    searches("FT.ADD", "sc", id, "1.0", "FIELDS", "sc_name", type);
    if (!List.of("sc", "bk", "tx", "ver").contains(type)) {
      searches("FT.CREATE", type, "SCHEMA", "amount", "NUMERIC");
      searches("FT.ADD", type, "transaction-of-" + type, "1.0", "FIELDS", "amount", "5");
    }
    ObjectNode event = task("create");
    event.put("image", bench.customerImage("1")).put("cmd", "/bin/answer");
    event.putArray("args");
    event.put("execution_order", "serial");
    fields.accept(event);
    return event;
  }

  /** Takes a request to update. */
  ObjectNode update(Consumer<ObjectNode> fields) throws IOException {
    ObjectNode event = task("update");
    event.putArray("args");
    event.put("start_state", state());
    fields.accept(event);
    write("updating");
    return event;
  }

  /** Takes a request to delete. */
  ObjectNode delete() throws IOException {
    ObjectNode event = task("delete");
    JsonNode stored = metadata();
    for (String field :
        List.of(
            "image",
            "existing_secrets",
            "image_digest",
            "cmd",
            "args",
            "env",
            "cron",
            "seconds",
            "execution_order",
            "auth_key_id")) {
      event.set(field, stored.get(field));
    }
    write("deleting");
    return event;
  }

  /** The exception of §1: what was registered is taken back with what the create had. */
  static ObjectNode undo(ObjectNode create) {
    return create.deepCopy().put("task_type", "delete");
  }

  /** In the order of the webserver's export. */
  ObjectNode task(String action) {
    ObjectNode event = Json.object();
    event.put("version", "1").put("task_type", action).put("txn_type", type).put("id", id);
    for (String field :
        List.of(
            "auth",
            "image",
            "cmd",
            "args",
            "secrets",
            "existing_secrets",
            "image_digest",
            "env",
            "cron",
            "seconds",
            "execution_order",
            "start_state",
            "desired_state",
            "disable_schedule",
            "auth_key_id")) {
      event.putNull(field);
    }
    return event;
  }

  /** Writes a state that nobody has a message for. */
  void write(String state) throws IOException {
    ObjectNode stored = metadata();
    stored
        .putObject("status")
        .put("state", state)
        .put("msg", "")
        .put("timestamp", "2020-02-02 20:20:20.202020");
    put(metadataKey(), Json.write(stored));
  }

  /** A contract that is there already, in any state. */
  void store(ObjectNode contract) throws IOException {
    put(metadataKey(), Json.write(contract));
  }

  /** What a contract keeps there itself. */
  void heap(String name, String value) throws IOException {
    put("SMARTCONTRACT/" + id + "/HEAP/" + name, utf8(value));
  }

  String state() throws IOException {
    return metadata().path("status").path("state").asText();
  }

  ObjectNode metadata() throws IOException {
    return (ObjectNode) Json.read(Files.readAllBytes(objects.resolve(metadataKey())));
  }

  private String metadataKey() {
    return "SMARTCONTRACT/" + id + "/metadata.json";
  }

  /** Written over the file, as its owner's program does, and through the cache. */
  void put(String key, byte[] value) throws IOException {
    Path file = objects.resolve(key);
    Path parent = file.getParent();
    if (parent == null) {
      throw new AssertionError(key);
    }
    Files.createDirectories(parent);
    for (Path at = parent; at != null && !at.equals(objects); at = at.getParent()) {
      own(at);
    }
    Files.write(file, value);
    own(file);
    bench.cache.set(utf8("storage:" + key), value);
  }

  private static void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", 1000);
    Files.setAttribute(path, "unix:gid", 1000);
  }

  private void searches(String command, String... arguments) {
    send(bench.search, command, arguments);
  }

  static Object send(Jedis redis, String command, String... arguments) {
    return redis.sendCommand(() -> utf8(command), arguments);
  }

  /** Environment variables, or secrets. */
  static ObjectNode object(Map<String, String> values) {
    ObjectNode object = Json.object();
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> object.put(entry.getKey(), entry.getValue()));
    return object;
  }
}
