package io.contractbuilder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Secret;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What create and update say of a contract, written into the fields of an event. */
final class ContractFlags {
  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description =
          "The customer's image: registry/repository:tag, repository@sha256:…,"
              + " oci:folder:tag or docker-archive:file.")
  private @Nullable String image;

  @Option(
      names = "--auth",
      paramLabel = "FILE",
      description = "A file with user:password for the image's registry (-: standard input).")
  private @Nullable String auth;

  @Option(
      names = "--cmd",
      paramLabel = "COMMAND",
      description = "What runs for each call: input on stdin, answer on stdout.")
  private @Nullable String cmd;

  @Option(
      names = "--arg",
      paramLabel = "ARGUMENT",
      description = "An argument of the command; repeatable (--arg=--flag for one with dashes).")
  private List<String> args = List.of();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of the contract; repeatable. Not for secrets.")
  private Map<String, String> env = new LinkedHashMap<>();

  @Option(
      names = "--secret",
      paramLabel = "NAME=FILE",
      description =
          "A secret with the file that holds its value (-: standard input); repeatable."
              + " The contract reads it in /var/openfaas/secrets/sc-<id>-NAME.")
  private Map<String, String> secrets = new LinkedHashMap<>();

  @Option(
      names = "--cron",
      paramLabel = "CRON",
      description =
          "Call it by itself: minute hour day month weekday, in UTC; weekday 0 is" + " Monday.")
  private @Nullable String cron;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "Call it by itself, every 1 to 60 seconds.")
  private @Nullable Integer every;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = "serial (one call after the other) or parallel.")
  private @Nullable String order;

  @Option(names = "--watchdog", paramLabel = "WATCHDOG", description = WatchdogFlag.DESCRIPTION)
  private @Nullable String watchdog;

  /** Whether any of them was given. */
  boolean any() {
    return image != null
        || auth != null
        || cmd != null
        || !args.isEmpty()
        || !env.isEmpty()
        || !secrets.isEmpty()
        || cron != null
        || every != null
        || order != null
        || watchdog != null;
  }

  /** Writes what was given into an event. */
  void writeTo(ObjectNode event, InputStream in) {
    event.put("image", image);
    event.put("auth", auth(in));
    event.put("cmd", cmd);
    args.forEach(event.putArray("args")::add);
    env.forEach(event.withObjectProperty("env")::put);
    ObjectNode values = event.withObjectProperty("secrets");
    secrets.forEach(
        (name, file) -> {
          Secret value = Flags.secret("--secret " + name, file, in);
          values.put(name, value.reveal());
        });
    event.put("cron", cron);
    event.put("seconds", every);
    event.put("execution_order", order);
    event.put("watchdog", watchdog);
  }

  private @Nullable String auth(InputStream in) {
    return auth == null
        ? null
        : Base64.getEncoder()
            .encodeToString(
                Flags.secret("--auth", auth, in).reveal().getBytes(StandardCharsets.UTF_8));
  }
}
