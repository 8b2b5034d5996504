package io.contractbuilder.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;

/**
 * STAND-IN for {@code io.contractbuilder.contract.ContractDocument}, which has the same two
 * methods: delete this file and import that class.
 */
final class ContractDocument {
  private ContractDocument() {}

  static byte[] write(Contract c) {
    var n = Json.object();
    n.put("dcrn", "SmartContract::L1::AtRest").put("version", "1");
    n.put("txn_type", c.type().value()).put("id", c.id().value());
    n.putObject("status")
        .put("state", c.status().state().wire())
        .put("msg", c.status().message())
        .put("timestamp", c.status().timestamp().toString());
    n.put("image", c.image()).put("auth_key_id", c.authKeyId());
    Digest digest = c.imageDigest();
    n.put("image_digest", digest == null ? null : digest.value());
    n.put("cmd", c.cmd());
    var args = n.putArray("args");
    c.args().forEach(args::add);
    var env = n.putObject("env");
    c.env().forEach(env::put);
    var secrets = n.putArray("existing_secrets");
    c.existingSecrets().forEach(secrets::add);
    switch (c.schedule()) {
      case null -> n.putNull("cron").putNull("seconds");
      case Schedule.Cron cron -> n.put("cron", cron.expression().toString()).putNull("seconds");
      case Schedule.Every every -> n.putNull("cron").put("seconds", every.seconds());
    }
    n.put("execution_order", c.executionOrder().wire());
    return Json.write(n);
  }

  static Contract read(byte[] document) {
    JsonNode n;
    try {
      n = Json.read(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    var args = new ArrayList<String>();
    n.path("args").forEach(a -> args.add(a.asText()));
    var secrets = new ArrayList<String>();
    n.path("existing_secrets").forEach(a -> secrets.add(a.asText()));
    var env = new LinkedHashMap<String, String>();
    n.path("env").properties().forEach(e -> env.put(e.getKey(), e.getValue().asText()));
    JsonNode s = n.path("status");
    Schedule schedule =
        n.path("seconds").isInt()
            ? new Schedule.Every(n.path("seconds").intValue())
            : n.path("cron").isTextual()
                ? new Schedule.Cron(CronExpression.parse(n.path("cron").asText()))
                : null;
    return new Contract(
        new TransactionType(n.path("txn_type").asText()),
        new ContractId(n.path("id").asText()),
        new Status(
            ContractState.valueOf(
                s.path("state").asText().toUpperCase(Locale.ROOT).replace(' ', '_')),
            s.path("msg").asText(),
            Instant.parse(s.path("timestamp").asText())),
        n.path("image").asText(),
        n.path("auth_key_id").textValue(),
        n.path("image_digest").isTextual() ? new Digest(n.path("image_digest").asText()) : null,
        n.path("cmd").asText(),
        args,
        env,
        secrets,
        schedule,
        ExecutionOrder.valueOf(n.path("execution_order").asText().toUpperCase(Locale.ROOT)));
  }
}
