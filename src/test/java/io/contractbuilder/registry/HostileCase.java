package io.contractbuilder.registry;

import static io.contractbuilder.registry.HostilePair.ANY_BLOB;
import static io.contractbuilder.registry.HostilePair.MANIFEST;
import static io.contractbuilder.registry.HostilePair.STORED_MANIFEST;
import static io.contractbuilder.registry.HostilePair.UPLOAD;
import static io.contractbuilder.registry.HostilePair.UPLOAD_BEGUN;
import static io.contractbuilder.registry.MemoryRegistry.endless;
import static io.contractbuilder.registry.MemoryRegistry.header;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a registry may do, each against the program as it is started. */
@SuppressWarnings("ImmutableEnumChecker")
enum HostileCase {
  ENDLESS_REFUSAL_400("400", p -> p.reads(MANIFEST, endless(400))),
  ENDLESS_REFUSAL_401("more than 65536 bytes", p -> p.reads(MANIFEST, endless(401))),
  ENDLESS_REFUSAL_404("404", p -> p.reads(MANIFEST, endless(404))),
  ENDLESS_REFUSAL_429("429", p -> p.reads(MANIFEST, endless(429))),
  ENDLESS_REFUSAL_503("503", p -> p.reads(MANIFEST, endless(503))),
  ENDLESS_CONFIG("bytes declared", p -> p.reads(p.config(), endless(200))),
  ENDLESS_TOKEN("more than 65536 bytes", p -> p.token(endless(200))),
  ENDLESS_LAYER("more than the", p -> p.reads(p.layer(), endless(200))),
  DECLARED_TOO_LONG(
      "more than 4194304 bytes",
      p ->
          p.reads(
              MANIFEST,
              exchange -> {
                exchange.sendResponseHeaders(200, 1L << 40);
                exchange.getResponseBody().flush();
                p.silence(exchange);
              })),

  FLOOD_OF_LINES(TooLong.HEAD, p -> p.reads(MANIFEST, HostileCase::flood)),
  FLOOD_OF_LINES_WITH_A_CONFIG(TooLong.HEAD, p -> p.reads(p.config(), HostileCase::flood)),
  FLOOD_OF_LINES_WITH_A_TOKEN(TooLong.HEAD, p -> p.token(HostileCase::flood)),
  FLOOD_OF_LINES_WITH_A_LAYER(TooLong.HEAD, p -> p.reads(p.layer(), HostileCase::flood)),
  LONG_LINE(TooLong.HEAD, p -> p.reads(MANIFEST, header(200, "X-Long", "x".repeat(4 << 20)))),
  ENDLESS_GREETING(TooLong.HEAD, p -> p.raw(RawServer.endless("", "x"))),
  ENDLESS_LINES(TooLong.HEAD, p -> p.raw(RawServer.endless(Raw.HEAD, "X-Flood: x\r\n"))),
  ENDLESS_FOLDED_LINE(
      TooLong.HEAD, p -> p.raw(RawServer.endless(Raw.HEAD + "X-Long: a\r\n", " folded\r\n"))),
  ENDLESS_TRAILERS(
      TooLong.HEAD,
      p -> p.raw(RawServer.endless(Raw.CHUNKED + "2\r\n{}\r\n0\r\n", "X-Trailer: x\r\n"))),
  ENDLESS_EXTENSION_OF_A_CHUNK(
      TooLong.HEAD, p -> p.raw(RawServer.endless(Raw.CHUNKED + "2;", "x=y;"))),
  ENDLESS_CHUNKS_OF_ONE_BYTE(
      "more than 4194304 bytes", p -> p.raw(RawServer.endless(Raw.CHUNKED, "1\r\n \r\n"))),

  INDEX_OF_THOUSANDS("4000 manifests, where 256", HostileIndexes::thousands),
  INDEX_OF_INDEXES("manifests, where 256", HostileIndexes::ofIndexes),
  INDEX_IN_AN_INDEX_IN_AN_INDEX("indexes within indexes", HostileIndexes::deep),
  INDEX_THAT_CONTAINS_ITSELF("a manifest whose digest is", HostileIndexes::itself),
  DEEP_MANIFEST("reading its manifest: no JSON", HostileIndexes::deepManifest),
  SMALL_VALUES_IN_A_MANIFEST("reading its manifest: no JSON", HostileIndexes::smallValues),

  REDIRECTS_IN_A_LOOP("more than 5 redirects", p -> p.reads(p.layer(), HostileCase::toItself)),
  STORM_OF_429("429", p -> p.reads(MANIFEST, header(429, "Retry-After", "3600"))),
  STORM_OF_500("500", p -> p.reads(MANIFEST, header(500, "Retry-After", "0"))),
  STORM_OF_502("502", p -> p.reads(MANIFEST, header(502, "Retry-After", "0"))),
  STORM_OF_503_FOR_A_LAYER("503", p -> p.reads(p.layer(), header(503, "Retry-After", "3600"))),
  STORM_OF_504_FOR_A_TOKEN("504", p -> p.token(header(504, "Retry-After", "3600"))),

  WRONG_BYTES(
      "not those of the digest", p -> p.from.blobs.put(p.image.firstLayer(), new byte[size(p, 0)])),
  SHORT_LAYER(
      "the manifest says", p -> p.from.blobs.put(p.image.firstLayer(), new byte[size(p, -1)])),
  LONG_LAYER(
      "the manifest says", p -> p.from.blobs.put(p.image.firstLayer(), new byte[size(p, 1)])),
  SHORT_LAYER_NOT_DECLARED("broke", p -> p.reads(p.layer(), undeclared(size(p, -1)))),
  LONG_LAYER_NOT_DECLARED("bytes declared", p -> p.reads(p.layer(), undeclared(size(p, 1)))),
  LAYER_THAT_BREAKS_OFF("broke", p -> p.reads(p.layer(), cut(size(p, 0)))),
  MANIFEST_THAT_BREAKS_OFF("broke", p -> p.reads(MANIFEST, cut(400))),

  SILENCE("timed out", p -> p.reads(MANIFEST, p::silence)),
  STALL_OF_A_LAYER(
      "timed out", p -> p.reads(p.layer(), p.stall(p.image.firstLayerBytes(), 70_000))),
  DRIPPING_MANIFEST("timed out", p -> p.reads(MANIFEST, p.drip(p.image.manifest()))),
  DRIPPING_CONFIG(
      "timed out",
      p -> p.reads(p.config(), p.drip(p.image.blobs().values().stream().toList().getLast()))),
  DRIPPING_TOKEN("timed out", p -> p.token(p.drip(new byte[1000]))),
  DRIPPING_LAYER("timed out", p -> p.reads(p.layer(), p.drip(p.image.firstLayerBytes()))),

  TARGET_ENDLESS_ANSWER(
      Side.TARGET, "more than 1048576 bytes", p -> p.writes(UPLOAD, endless(201))),
  TARGET_ENDLESS_ANSWER_TO_A_MANIFEST(
      Side.TARGET, "more than 1048576 bytes", p -> p.writes(STORED_MANIFEST, endless(201))),
  TARGET_ENDLESS_REFUSAL(Side.TARGET, "400", p -> p.writes(UPLOAD, endless(400))),
  TARGET_ENDLESS_REFUSAL_OF_A_MANIFEST(
      Side.TARGET, "more than 1048576 bytes", p -> p.writes(STORED_MANIFEST, endless(400))),
  TARGET_ENDLESS_REFUSAL_OF_A_SESSION(
      Side.TARGET, "403", p -> p.writes(UPLOAD_BEGUN, endless(403))),
  TARGET_FLOOD_OF_LINES(Side.TARGET, TooLong.HEAD, p -> p.writes(ANY_BLOB, HostileCase::flood)),
  TARGET_FLOOD_OF_LINES_WITH_A_MANIFEST(
      Side.TARGET, TooLong.HEAD, p -> p.writes(STORED_MANIFEST, HostileCase::flood)),
  TARGET_SESSION_ELSEWHERE(
      Side.TARGET,
      "an upload session on another host",
      p -> p.writes(UPLOAD_BEGUN, header(202, "Location", "http://" + p.from.host() + "/x"))),
  TARGET_STORM_OF_503(
      Side.TARGET, "503", p -> p.writes(UPLOAD, header(503, "Retry-After", "3600"))),
  TARGET_STORM_OF_500_FOR_A_MANIFEST(
      Side.TARGET, "500", p -> p.writes(STORED_MANIFEST, header(500, "Retry-After", "3600"))),
  TARGET_SILENCE(Side.TARGET, "timed out", p -> p.writes(UPLOAD_BEGUN, p::silence)),
  TARGET_SILENCE_FOR_A_MANIFEST(
      Side.TARGET, "timed out", p -> p.writes(STORED_MANIFEST, p::silence)),

  /** Two minutes: a registry may check or move what it got before it answers. */
  TARGET_SILENCE_AFTER_AN_UPLOAD(Side.TARGET, "timed out", p -> p.writes(UPLOAD, p::silence));

  /** Who is at fault. */
  enum Side {
    SOURCE,
    TARGET
  }

  private static final class TooLong {
    static final String HEAD = "a head of more than 100 lines, or a line of more than 8192 bytes";
  }

  private static final class Raw {
    static final String HEAD = "HTTP/1.1 200 OK\r\n";
    static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
  }

  private interface SetUp {
    void of(HostilePair pair) throws IOException;
  }

  private final Side side;
  private final String said;
  private final SetUp setUp;

  HostileCase(String said, SetUp setUp) {
    this(Side.SOURCE, said, setUp);
  }

  HostileCase(Side side, String said, SetUp setUp) {
    this.side = side;
    this.said = said;
    this.setUp = setUp;
  }

  void setUp(HostilePair pair) throws IOException {
    setUp.of(pair);
  }

  /** A part of what must be said. */
  String said() {
    return said;
  }

  /** The host that must be named. */
  String culprit(HostilePair pair) {
    return side == Side.SOURCE ? pair.source() : pair.to.host();
  }

  /** Within which it must end. */
  Duration limit() {
    return Duration.ofSeconds(this == TARGET_SILENCE_AFTER_AN_UPLOAD ? 150 : 30);
  }

  /** Whether the program does nothing but wait for most of this time. */
  Duration waits() {
    return Duration.ofSeconds(said.equals("timed out") ? 25 : name().contains("STORM") ? 15 : 0);
  }

  private static int size(HostilePair pair, int more) {
    return pair.image.firstLayerBytes().length + more;
  }

  private static void flood(HttpExchange exchange) throws IOException {
    for (int i = 0; i < 5_000; i++) {
      exchange.getResponseHeaders().add("X-Flood-" + i, "x".repeat(1_000));
    }
    MemoryRegistry.answer(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void toItself(HttpExchange exchange) throws IOException {
    header(307, "Location", exchange.getRequestURI().getPath()).to(exchange);
  }

  private static MemoryRegistry.Answer cut(int size) {
    return exchange -> {
      exchange.sendResponseHeaders(200, size);
      exchange.getResponseBody().write(new byte[100]);
      exchange.getResponseBody().flush();
      throw new IOException("cut");
    };
  }

  private static MemoryRegistry.Answer undeclared(int size) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(new byte[size]);
    };
  }
}
