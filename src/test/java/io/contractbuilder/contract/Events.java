package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.util.Base64;

/** Events as the chain's webserver writes them. */
final class Events {
  static final String CREATE =
      """
      {"version":"1","task_type":"create","txn_type":"currency",\
      "id":"8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c","auth":null,\
      "image":"docker.io/acme/currency:1.4.0","cmd":"node","args":["index.js","--mode","ledger"],\
      "secrets":{"api-token":"s3cr3t"},"existing_secrets":null,"image_digest":null,\
      "env":{"RATE":"3"},"cron":null,"seconds":30,"execution_order":"serial","start_state":null,\
      "desired_state":null,"disable_schedule":null,"auth_key_id":null}""";

  static final String UPDATE =
      """
      {"version":"1","task_type":"update","txn_type":"currency",\
      "id":"8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c","auth":null,"image":null,"cmd":null,"args":[],\
      "secrets":null,"existing_secrets":["api-token"],"image_digest":null,\
      "env":{"RATE":"4","OLD":null},"cron":"*/5 * * * mon-fri","seconds":null,\
      "execution_order":null,"start_state":"inactive","desired_state":"active",\
      "disable_schedule":false,"auth_key_id":null}""";

  static final String DELETE =
      """
      {"version":"1","task_type":"delete","txn_type":"currency",\
      "id":"8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c","auth":null,\
      "image":"docker.io/acme/currency:1.4.0","cmd":"node","args":["index.js"],"secrets":null,\
      "existing_secrets":["api-token","secret-key"],\
      "image_digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",\
      "env":{"STAGE":"prod"},"cron":null,"seconds":30,"execution_order":"serial",\
      "start_state":null,"desired_state":null,"disable_schedule":null,\
      "auth_key_id":"SC_ABCDEFGHIJKL"}""";

  private Events() {}

  static ObjectNode tree(String json) {
    try {
      return (ObjectNode) Json.read(json.getBytes(UTF_8));
    } catch (MalformedJson e) {
      throw new AssertionError(e);
    }
  }

  /** The same event with one field changed or added; JSON null where {@code json} is "null". */
  static String with(String event, String field, String json) {
    try {
      ObjectNode tree = tree(event);
      tree.set(field, Json.read(json.getBytes(UTF_8)));
      return Json.text(tree);
    } catch (MalformedJson e) {
      throw new AssertionError(e);
    }
  }

  static String without(String event, String field) {
    ObjectNode tree = tree(event);
    tree.remove(field);
    return Json.text(tree);
  }

  /** A JSON string with the base64 of a text. */
  static String auth(String text) {
    return '"' + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + '"';
  }
}
