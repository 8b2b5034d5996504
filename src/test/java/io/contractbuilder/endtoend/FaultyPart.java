package io.contractbuilder.endtoend;

import java.util.regex.Pattern;

/** A part of a chain that a job talks to over a network. */
enum FaultyPart {
  QUEUES("queue Redis", Wire.REDIS, "REDIS_ENDPOINT"),
  CACHE("LRU Redis", Wire.REDIS, "LRU_REDIS_ENDPOINT"),
  INDEX("RediSearch", Wire.REDIS, "REDISEARCH_ENDPOINT"),
  S3("S3", Wire.HTTP, "CONTRACT_BUILDER_S3_ENDPOINT"),
  REGISTRY("private registry", Wire.HTTP, "FAAS_REGISTRY"),
  SOURCE("source registry", Wire.HTTP, "CONTRACT_BUILDER_PLAIN_HTTP"),
  GATEWAY("gateway", Wire.HTTP, "FAAS_GATEWAY"),
  LEDGER("ledger over HTTP", Wire.HTTP, "CONTRACT_BUILDER_LEDGER_URL");

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  final String title;
  final Wire wire;
  final String setting;

  FaultyPart(String title, Wire wire, String setting) {
    this.title = title;
    this.wire = wire;
    this.setting = setting;
  }

  /** As the setting wants it. */
  String value(String authority) {
    return switch (this) {
      case S3, GATEWAY, LEDGER -> "http://" + authority;
      case QUEUES, CACHE, INDEX, REGISTRY, SOURCE -> authority;
    };
  }

  /** What kind of call a request is; the same for each contract. */
  String call(String request) {
    return switch (wire) {
      case HTTP -> http(request);
      case REDIS -> redis(request);
    };
  }

  private static String http(String request) {
    String call = request.replaceFirst("\\?.*", "").replaceFirst("/v2/customer-contracts", "");
    call =
        call.replaceFirst("/v2/customer/answer", "")
            .replaceFirst("manifests/\\d$", "manifests/(tag)");
    call = call.replaceFirst(" /chain-[0-9a-f]+/?$", " (bucket)");
    call = call.replaceFirst(" /chain-[0-9a-f]+", " ");
    call = UUID.matcher(DIGEST.matcher(call).replaceAll("(digest)")).replaceAll("(id)");
    call = call.replaceFirst("SC_[A-Z]{12}", "(key id)");
    return call.replaceFirst("blobs/uploads/.+", "blobs/uploads/(upload)");
  }

  /** The command, and what it is about. */
  private static String redis(String request) {
    String[] words = request.split(" ", 3);
    String about = words.length > 1 ? UUID.matcher(words[1]).replaceAll("(id)") : "";
    return words[0] + " " + about.replaceFirst("SC_[A-Z]{12}", "(key id)");
  }
}
