package io.contractbuilder.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/**
 * The settings: environment variables that are read, with what {@code docs/configuration.md} says
 * of them. An empty variable counts as one that is not set.
 */
public enum Setting {
  CONTRACT_BUILDER_STATE(
      "`$XDG_DATA_HOME/contract-builder`, else `$HOME/.local/share/contract-builder`",
      "Where the program keeps what it knows: storage, images, schedules, ledger, locks.",
      "a folder's path; it is made where it is missing"),
  CONTRACT_BUILDER_WATCHDOG(
      "OpenFaaS's classic watchdog where the program's own folder `watchdog/classic` holds it, else"
          + " `builtin`",
      "The watchdog that goes into images.",
      "`builtin`, a folder (`/…`, `./…` or `../…`) with `<architecture>/fwatchdog` in it, or an"
          + " image reference"),
  CONTRACT_BUILDER_READY_TIMEOUT(
      "60s",
      "How long a deployed function may take until it answers.",
      "a whole number with `s`, `m` or `h`, from 1s to 24h"),
  CONTRACT_BUILDER_IMAGE_LIMIT(
      "500Mi",
      "The largest image that is taken: the sum of its compressed layers for one architecture.",
      "a whole number of bytes, at least 1, also with `Ki`, `Mi`, `Gi`, `k`, `M` or `G`"),
  CONTRACT_BUILDER_PLAIN_HTTP(
      "",
      "Registries that are spoken to without TLS.",
      "`host` or `host:port`, several with commas"),
  CONTRACT_BUILDER_ALLOWED_ADDRESSES(
      "",
      "Loopback, link-local and private addresses that a customer's image may be read from; public"
          + " ones always may.",
      "hosts (also `host:port`), IP addresses and networks (`10.0.0.0/8`), several with commas"),
  CONTRACT_BUILDER_CERTS(
      "",
      "Certificate authorities of registries, one folder per registry.",
      "a folder that is there, with `<host[:port]>/ca.crt` in it"),
  CONTRACT_BUILDER_GATEWAY_USER_FILE(
      "/etc/openfaas-secret/user",
      "The file that holds the gateway's user; where neither it nor the password's is there, none"
          + " is sent. Read each time.",
      "a file's path"),
  CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE(
      "/etc/openfaas-secret/password",
      "The file that holds the gateway's password. Read each time.",
      "a file's path"),
  FAAS_GATEWAY(
      "the local platform's gateway",
      "The OpenFaaS gateway.",
      "an `http` or `https` URL without user, query and fragment",
      true),
  FAAS_REGISTRY(
      "a layout in the folder `images` of the state",
      "The private registry that built images are pushed to.",
      "`host` or `host:port`"),
  REGISTRY_USERNAME(
      "",
      "The private registry's user; its password is `registry-password` in `SECRET_LOCATION`.",
      "text without `:` and control characters; only together with `SECRET_LOCATION`"),
  SECRET_LOCATION(
      "", "A file with one JSON object of the chain's secrets. Read each time.", "a file's path"),
  STORAGE_TYPE("disk", "What contracts are stored on.", "`disk` (`s3` is not in this version)"),
  STORAGE_LOCATION(
      "the folder `storage` of the state", "Where contracts are stored.", "a folder's path"),
  STAGE("", "The chain's stage; every contract finds it in its environment.", Setting.TEXT),
  INTERNAL_ID(
      "",
      "The chain's internal id; every contract finds it in its environment, every function has it as"
          + " the label `com.dragonchain.id`.",
      "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last (a Kubernetes"
          + " label's value)"),
  DRAGONCHAIN_ID(
      "", "The chain's public id; every contract finds it in its environment.", Setting.TEXT),
  DRAGONCHAIN_ENDPOINT(
      "", "The chain's own URL; every contract finds it in its environment.", Setting.TEXT),
  LOG_LEVEL(
      "info",
      "The least level that is logged.",
      "`trace`, `debug`, `info`, `warn` (`warning`) or `error` (`critical`), in any case");

  private static final String TEXT = "text without control characters";

  private final String standard;
  private final String meaning;
  private final String allowed;
  private final boolean secret;

  Setting(String standard, String meaning, String allowed) {
    this(standard, meaning, allowed, false);
  }

  Setting(String standard, String meaning, String allowed, boolean secret) {
    this.standard = standard;
    this.meaning = meaning;
    this.allowed = allowed;
    this.secret = secret;
  }

  /** What holds where it is not set: a value, or in words; empty: nothing. */
  public String standard() {
    return standard;
  }

  /** What it is for, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** What it may be. */
  public String allowed() {
    return allowed;
  }

  /** Whether its value may hold a secret by mistake, and is therefore never shown. */
  public boolean secret() {
    return secret;
  }

  /** The setting whose name is nearest to {@code name}. */
  static Setting nearest(String name) {
    return Arrays.stream(values())
        .filter(setting -> setting.name().startsWith(SettingsReader.OWN))
        .min(Comparator.comparingInt(setting -> distance(setting.name(), name)))
        .orElseThrow();
  }

  /** How many letters have to be put in, taken out or changed to make {@code b} of {@code a}. */
  private static int distance(String a, String b) {
    String other = b.toUpperCase(Locale.ROOT);
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
