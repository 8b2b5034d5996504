package io.contractbuilder.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.json.Json;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two tasks are the same one. A task has no id of its own, so its identity is an
 * HMAC-SHA256 of its canonical form; the key keeps anybody who reads the journal from guessing
 * secrets by it. One out of a queue is told apart from an equal one, too.
 */
public final class TaskIdentity {
  private static final String DELIVERED = "/";

  private TaskIdentity() {}

  /**
   * The task's identity: 64 hexadecimal digits.
   *
   * @param key secret, and the same wherever the same tasks are run
   */
  public static String of(ContractTask task, byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(Json.write(canonical(task))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /**
   * The identity of a task that was delivered: equal tasks differ if their deliveries do.
   *
   * @param delivery the same each time that this very task is run, and no other's; no secret
   */
  public static String of(ContractTask task, byte[] key, String delivery) {
    return of(task, key) + DELIVERED + delivery;
  }

  /** Whether nothing but this very task has this identity. */
  static boolean isExact(String identity) {
    return identity.contains(DELIVERED);
  }

  /** Every field, in a fixed order; what has no order of its own is sorted. */
  private static ObjectNode canonical(ContractTask task) {
    var form = Json.object();
    form.put("action", task.action());
    form.put("id", task.id().value());
    form.put("type", task.type().value());
    switch (task) {
      case CreateContract create -> create(form, create);
      case UpdateContract update -> update(form, update);
      case DeleteContract delete -> delete(form, delete);
    }
    return form;
  }

  private static void create(ObjectNode form, CreateContract task) {
    form.put("image", task.image().toString());
    auth(form, task.auth());
    form.put("cmd", task.cmd());
    texts(form, "args", task.args());
    env(form, task.env());
    secrets(form, task.secrets());
    schedule(form, task.schedule());
    form.put("order", task.executionOrder().wire());
    form.put("watchdog", task.watchdog());
  }

  private static void update(ObjectNode form, UpdateContract task) {
    form.put("image", task.image() == null ? null : task.image().toString());
    auth(form, task.auth());
    form.put("cmd", task.cmd());
    if (task.args() != null) {
      texts(form, "args", task.args());
    }
    env(form, task.env());
    texts(form, "unset_env", task.unsetEnv().stream().sorted().toList());
    secrets(form, task.secrets());
    texts(
        form,
        "unset_secrets",
        task.unsetSecrets().stream().map(SecretName::value).sorted().toList());
    schedule(form, task.schedule());
    form.put("disable_schedule", task.disableSchedule());
    form.put("order", task.executionOrder() == null ? null : task.executionOrder().wire());
    form.put("start_state", task.startState() == null ? null : task.startState().wire());
    form.put("desired_state", task.desiredState() == null ? null : task.desiredState().wire());
    form.put("watchdog", task.watchdog());
  }

  private static void delete(ObjectNode form, DeleteContract task) {
    form.put("image_digest", task.imageDigest() == null ? null : task.imageDigest().value());
    form.put("auth_key_id", task.authKeyId());
    texts(form, "secrets", task.existingSecrets().stream().map(SecretName::value).toList());
  }

  private static void auth(ObjectNode form, @Nullable RegistryCredentials auth) {
    if (auth != null) {
      form.putArray("auth").add(auth.user()).add(auth.password().reveal());
    }
  }

  private static void texts(ObjectNode form, String name, Collection<String> values) {
    var array = form.putArray(name);
    values.forEach(array::add);
  }

  private static void env(ObjectNode form, Map<String, String> env) {
    var node = form.putObject("env");
    new TreeMap<>(env).forEach(node::put);
  }

  private static void secrets(ObjectNode form, Map<SecretName, Secret> secrets) {
    var sorted = new TreeMap<String, String>();
    secrets.forEach((name, value) -> sorted.put(name.value(), value.reveal()));
    var node = form.putObject("secrets");
    sorted.forEach(node::put);
  }

  private static void schedule(ObjectNode form, @Nullable Schedule schedule) {
    switch (schedule) {
      case null -> form.putNull("schedule");
      case Schedule.Cron cron -> form.put("cron", cron.expression().toString());
      case Schedule.Every every -> form.put("seconds", every.seconds());
    }
  }
}
