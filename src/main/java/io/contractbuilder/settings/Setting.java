package io.contractbuilder.settings;

/**
 * Every setting: its variable, its default and what it means. docs/configuration.md is made of it.
 */
public enum Setting {
  STATE(
      "CONTRACT_BUILDER_STATE",
      "`$XDG_DATA_HOME/contract-builder` or `~/.local/share/contract-builder`",
      "The folder for all that is not configured elsewhere: storage, images, ledger, schedules, the"
          + " local platform.",
      "a folder"),
  WATCHDOG(
      "CONTRACT_BUILDER_WATCHDOG",
      "OpenFaaS's classic watchdog if the program's `watchdog/classic` folder holds it, else"
          + " `builtin`",
      "Which watchdog goes into images.",
      "`builtin`, a folder with `<arch>/fwatchdog` in it, or an image reference"),
  FAAS_GATEWAY(
      "FAAS_GATEWAY",
      "the local platform's",
      "The OpenFaaS gateway.",
      "a URL, http or https, without user and query"),
  GATEWAY_USER_FILE(
      "CONTRACT_BUILDER_GATEWAY_USER_FILE",
      "`/etc/openfaas-secret/user`",
      "The file with the gateway's user; no such file: no authentication. Of the local platform:"
          + " its own.",
      "a file"),
  GATEWAY_PASSWORD_FILE(
      "CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE",
      "`/etc/openfaas-secret/password`",
      "The file with the gateway's password.",
      "a file"),
  FAAS_REGISTRY(
      "FAAS_REGISTRY",
      "an OCI layout in the state folder",
      "The private registry that built images are pushed to and the gateway pulls from.",
      "host[:port]"),
  REGISTRY_USERNAME("REGISTRY_USERNAME", "anonymous", "The private registry's user.", "a name"),
  SECRET_LOCATION(
      "SECRET_LOCATION",
      "none",
      "The chain's secrets; of these the private registry's password is read"
          + " (`registry-password`).",
      "a file with a JSON object"),
  STORAGE_TYPE("STORAGE_TYPE", "`disk`", "How contracts are stored.", "`disk`"),
  STORAGE_LOCATION(
      "STORAGE_LOCATION",
      "`storage` in the state folder",
      "Where contracts are stored.",
      "a folder"),
  STAGE("STAGE", "empty", "Told to contracts.", "text"),
  INTERNAL_ID(
      "INTERNAL_ID",
      "empty",
      "The chain's internal id; told to contracts and a label of their functions.",
      "text"),
  DRAGONCHAIN_ID("DRAGONCHAIN_ID", "empty", "The chain's public id; told to contracts.", "text"),
  DRAGONCHAIN_ENDPOINT(
      "DRAGONCHAIN_ENDPOINT", "empty", "The chain's address; told to contracts.", "text"),
  PLAIN_HTTP(
      "CONTRACT_BUILDER_PLAIN_HTTP",
      "none",
      "Registries that are spoken to without TLS. Registries on loopback that the operator names"
          + " are, unless there is a CA for them.",
      "a comma-separated list of host[:port]"),
  ALLOWED_ADDRESSES(
      "CONTRACT_BUILDER_ALLOWED_ADDRESSES",
      "none",
      "Loopback, link-local and private addresses that an event's image may be on all the same.",
      "a comma-separated list of hosts, host:port and networks (10.0.0.0/8)"),
  CERTS(
      "CONTRACT_BUILDER_CERTS",
      "none",
      "Registries' own CAs: `<host[:port]>/ca.crt` in this folder, as Docker and containerd read"
          + " it.",
      "a folder"),
  IMAGE_LIMIT(
      "CONTRACT_BUILDER_IMAGE_LIMIT",
      "`500Mi`",
      "The largest image: the compressed layers of one platform together.",
      "bytes, or a number with Ki, Mi or Gi"),
  READY_TIMEOUT(
      "CONTRACT_BUILDER_READY_TIMEOUT",
      "`60s`",
      "How long a deployed function may take to answer.",
      "a number with s or m, above 0");

  private final String variable;
  private final String standard;
  private final String meaning;
  private final String allowed;

  Setting(String variable, String standard, String meaning, String allowed) {
    this.variable = variable;
    this.standard = standard;
    this.meaning = meaning;
    this.allowed = allowed;
  }

  /** The environment variable. */
  public String variable() {
    return variable;
  }

  /** The default, for people. */
  public String standard() {
    return standard;
  }

  public String meaning() {
    return meaning;
  }

  public String allowed() {
    return allowed;
  }
}
