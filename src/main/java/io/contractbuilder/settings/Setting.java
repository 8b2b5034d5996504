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
  CONTRACT_BUILDER_TIMEOUT(
      "10m",
      "How long a whole job may take; then it takes back what it made and ends as one that may be"
          + " tried again.",
      "a whole number with `s`, `m` or `h`, from 1s to 24h"),
  CONTRACT_BUILDER_STOP_LIMIT(
      "20s",
      "How long the processor's running tasks may go on after SIGTERM; then they are stopped and"
          + " handed back, for which they have 20 s more.",
      "a whole number with `s`, `m` or `h`, from 1s to 24h"),
  CONTRACT_BUILDER_LISTEN(
      "",
      "Where the processor answers `/livez`, `/readyz` and `/metrics`, for whoever asks. Not set:"
          + " nowhere.",
      "`host:port`; the host an address of this machine (`0.0.0.0`: every one)"),
  CONTRACT_BUILDER_LAUNCH(
      "process",
      "Where the processor has tasks done: in its own process, or each by a Kubernetes Job.",
      "`process` or `kubernetes`"),
  CONTRACT_BUILDER_JOB_TEMPLATE(
      "",
      "What Jobs' pods are like: image, resources, environment, volumes, where they run"
          + " (docs/kubernetes.md).",
      "a file's path; in it a pod template of Kubernetes in YAML or JSON"),
  CONTRACT_BUILDER_JOB_NAMESPACE(
      "the processor's own",
      "The namespace that Jobs run in.",
      "lower-case letters, digits and `-`, up to 63"),
  CONTRACT_BUILDER_JOB_START_LIMIT(
      "5m",
      "How long a Job may take until the program runs in its pod; then it is deleted and tried again"
          + " later.",
      "a whole number with `s`, `m` or `h`, from 1s to 24h"),
  CONTRACT_BUILDER_JOB_TTL(
      "5m",
      "How long an ended Job stays for people to look at, with the Secret of its event.",
      "a whole number with `s`, `m` or `h`, from 1s to 24h"),
  CONTRACT_BUILDER_STATUS_TOKEN_FILE(
      "",
      "The file that holds what a person has to know to see the processor's page at `/` of"
          + " `CONTRACT_BUILDER_LISTEN`. Read each time. Not set: there is no page.",
      Setting.FILE),
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
      "Registries' certificate authorities, certificates to be shown to them and mirrors, one folder"
          + " per registry, as `/etc/docker/certs.d` and `/etc/containerd/certs.d` hold them.",
      "a folder that is there, with `<host[:port]>/` and in it `ca.crt`, `client.cert` with"
          + " `client.key`, or `hosts.toml`"),
  HTTPS_PROXY(
      "",
      "The proxy that registries with TLS are reached through; else `https_proxy`.",
      "`http://[user:password@]host[:port]`",
      true),
  HTTP_PROXY(
      "",
      "The proxy that registries without TLS are reached through; else `http_proxy`.",
      "`http://[user:password@]host[:port]`",
      true),
  NO_PROXY(
      "",
      "Registries that are reached without a proxy, besides those on loopback; else `no_proxy`.",
      "`*`, or hosts (with all below them), `.domain`, IP addresses (each also with a port) and"
          + " networks, several with commas"),
  CONTRACT_BUILDER_GATEWAY_USER_FILE(
      "/etc/openfaas-secret/user",
      "The file that holds the gateway's user; where neither it nor the password's is there, none"
          + " is sent. Read each time.",
      Setting.FILE),
  CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE(
      "/etc/openfaas-secret/password",
      "The file that holds the gateway's password. Read each time.",
      Setting.FILE),
  FAAS_GATEWAY(
      "the local platform's gateway",
      "The OpenFaaS gateway.",
      "an `http` or `https` URL without user, query and fragment",
      true),
  FAAS_REGISTRY(
      "a layout in the folder `images` of the state",
      "The private registry that built images are pushed to.",
      Setting.HOST),
  REGISTRY_USERNAME(
      "",
      "The private registry's user; its password is `registry-password` in `SECRET_LOCATION`.",
      "text without `:` and control characters; only together with `SECRET_LOCATION`"),
  SECRET_LOCATION(
      "", "A file with one JSON object of the chain's secrets. Read each time.", Setting.FILE),
  STORAGE_TYPE("disk", "What contracts are stored on.", "`disk` or `s3`"),
  STORAGE_LOCATION(
      "the folder `storage` of the state",
      "Where contracts are stored.",
      "a folder's path; for `s3` a bucket's name"),
  CONTRACT_BUILDER_S3_ENDPOINT(
      "AWS's own",
      "An S3 server, asked for buckets by path. Keys are found as AWS's clients find them.",
      "an `http` or `https` URL without user, query and fragment",
      true),
  AWS_REGION("", "The bucket's region; else `AWS_DEFAULT_REGION`.", Setting.NAME),
  REDIS_ENDPOINT(
      "",
      "The chain's Redis: ledger and scheduler, and a lock per contract. Not set: all three in files"
          + " of the state.",
      Setting.HOST),
  LRU_REDIS_ENDPOINT("", "The Redis with the storage's cache. Not set: no cache.", Setting.HOST),
  REDISEARCH_ENDPOINT("", "The Redis with the search index. Not set: no index.", Setting.HOST),
  REDIS_PORT("6379", "The port of each Redis that names none.", "1 to 65535"),
  CONTRACT_BUILDER_REDIS_TLS(
      "false", "Whether every Redis is spoken to over TLS.", "`true` or `false`"),
  CONTRACT_BUILDER_REDIS_CA(
      "those that Java trusts", "PEM file of Redis' certificate authorities.", Setting.FILE),
  CONTRACT_BUILDER_REDIS_USER("the default user", "Redis' user.", Setting.TEXT),
  CONTRACT_BUILDER_REDIS_PASSWORD_FILE(
      "", "The file that holds Redis' password. Read each time.", Setting.FILE),
  CONTRACT_BUILDER_LEDGER(
      "`redis` where `REDIS_ENDPOINT` is set, else `file`",
      "Where transactions go: the chain's own Redis, a chain's API, a file of the state, nowhere.",
      "`redis`, `http`, `file` or `none`"),
  CONTRACT_BUILDER_LEDGER_URL(
      "`DRAGONCHAIN_ENDPOINT`",
      "The chain that takes transactions over HTTP.",
      "an `http` or `https` URL without user, query and fragment",
      true),
  CONTRACT_BUILDER_LEDGER_TYPE(
      "",
      "The type of transactions over HTTP; it has to be registered on that chain.",
      "up to 20 letters, digits and `-`, a letter or digit first"),
  CONTRACT_BUILDER_LEDGER_KEY_ID("", "The id of the API key for that chain.", Setting.NAME),
  CONTRACT_BUILDER_LEDGER_KEY_FILE(
      "", "The file that holds the API key for that chain. Read each time.", Setting.FILE),
  STAGE("", "The chain's stage; every contract finds it in its environment.", Setting.TEXT),
  INTERNAL_ID(
      "",
      "The chain's internal id; every contract finds it in its environment, every function has it as"
          + " the label `com.dragonchain.id`.",
      "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last (a Kubernetes"
          + " label's value)"),
  DRAGONCHAIN_ID(
      "that of `private-key` in `SECRET_LOCATION`",
      "The chain's public id; every contract finds it in its environment.",
      Setting.TEXT),
  DRAGONCHAIN_ENDPOINT(
      "", "The chain's own URL; every contract finds it in its environment.", Setting.TEXT),
  ERROR_REPORTING_TYPE(
      "",
      "Where a failure is reported besides the log.",
      "`storage`, in any case: an object `error_<SERVICE>_<time>.log`; anything else: nowhere"),
  SERVICE("contract-job", "What such a report names as failed.", Setting.NAME),
  LOG_LEVEL(
      "info",
      "The least level that is logged.",
      "`trace` (`notset`), `debug`, `info`, `warn` (`warning`) or `error` (`critical`, `fatal`), in"
          + " any case");

  private static final String TEXT = "text without control characters";
  private static final String NAME = "letters, digits, `-`, `_` and `.`, up to 128";
  private static final String HOST = "`host` or `host:port`";
  private static final String FILE = "a file's path";

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

  /** Whether its value may hold a secret by mistake: a wrong one is never shown. */
  public boolean secret() {
    return secret;
  }

  /** Whether it says where a part of a chain or of OpenFaaS is, or how to reach it. */
  public boolean isOfAPart() {
    return switch (this) {
      case CONTRACT_BUILDER_STATE,
          CONTRACT_BUILDER_WATCHDOG,
          CONTRACT_BUILDER_READY_TIMEOUT,
          CONTRACT_BUILDER_TIMEOUT,
          CONTRACT_BUILDER_STOP_LIMIT,
          CONTRACT_BUILDER_LISTEN,
          CONTRACT_BUILDER_LAUNCH,
          CONTRACT_BUILDER_JOB_TEMPLATE,
          CONTRACT_BUILDER_JOB_NAMESPACE,
          CONTRACT_BUILDER_JOB_START_LIMIT,
          CONTRACT_BUILDER_JOB_TTL,
          CONTRACT_BUILDER_STATUS_TOKEN_FILE,
          CONTRACT_BUILDER_IMAGE_LIMIT,
          CONTRACT_BUILDER_PLAIN_HTTP,
          CONTRACT_BUILDER_ALLOWED_ADDRESSES,
          CONTRACT_BUILDER_CERTS,
          HTTPS_PROXY,
          HTTP_PROXY,
          NO_PROXY,
          LOG_LEVEL ->
          false;
      default -> true;
    };
  }

  /** The setting whose name is nearest to {@code name}. */
  static Setting nearest(String name) {
    return Arrays.stream(values())
        .filter(setting -> setting.name().startsWith(Environment.OWN))
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
