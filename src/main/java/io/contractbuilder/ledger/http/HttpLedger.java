package io.contractbuilder.ledger.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerException;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.LedgerView;
import io.contractbuilder.ledger.TransactionDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a chain that is elsewhere: {@code POST /v1/transaction}, signed (chain formats,
 * §7). The tag names the task, the payload the transaction.
 *
 * <p>A chain finds a transaction by its tag only when it is in a block, some seconds after it was
 * taken. So a transaction is looked up before it is sent; and where it is not known whether it was
 * taken, it is looked up for {@link #SEARCH}, and sent again only if it is not found by then.
 */
public final class HttpLedger implements Ledger, AutoCloseable {
  /** How long a transaction may take into a block: some blocks' time. */
  static final Duration SEARCH = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Timeout CONNECT = Timeout.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int MAX_ANSWER = 1 << 20;
  private static final String JSON = "application/json";

  private final URI url;
  private final String type;
  private final String keyId;
  private final Supplier<Secret> key;
  private final String chain;
  private final InstantSource clock;
  private final Pauses pauses;
  private final Timeout answer;
  private final CloseableHttpClient client;

  /** Waits. */
  interface Pauses {
    void pause(Duration time) throws InterruptedException;
  }

  private record Answer(int status, byte[] body) {
    /** In the chain's own words, shortened. */
    String words() {
      String text = new String(body, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ");
      return status + (text.isBlank() ? "" : " " + text.substring(0, Math.min(300, text.length())));
    }
  }

  /**
   * @param url of the chain, without a slash at its end
   * @param type the transactions' type, registered on that chain
   * @param keyId of the chain's API key
   * @param key is asked each time
   * @param chain that chain's public id
   */
  public HttpLedger(URI url, String type, String keyId, Supplier<Secret> key, String chain) {
    this(url, type, keyId, key, chain, InstantSource.system(), time -> Thread.sleep(time), ANSWER);
  }

  HttpLedger(
      URI url,
      String type,
      String keyId,
      Supplier<Secret> key,
      String chain,
      InstantSource clock,
      Pauses pauses,
      Duration answer) {
    this.url = url;
    this.type = type;
    this.keyId = keyId;
    this.key = key;
    this.chain = chain;
    this.clock = clock;
    this.pauses = pauses;
    this.answer = Timeout.of(answer);
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom().setConnectTimeout(CONNECT).build())
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableContentCompression()
            .build();
  }

  /**
   * {@inheritDoc}
   *
   * @throws LedgerException if the chain refused it, or it is not known whether it was taken
   */
  @Override
  public boolean append(LedgerTransaction transaction) {
    if (find(transaction.id(), transaction.task())) {
      return false;
    }
    try {
      if (send(transaction) || appears(transaction) || send(transaction) || appears(transaction)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw failure(
        "append transaction " + transaction.id(),
        "it is not known whether it was taken",
        "Look at the chain; the same again looks first whether it is there",
        true,
        null);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each transaction is looked up by itself. One that is not found may be on its way into a
   * block for {@link #SEARCH} after its job ended.
   */
  @Override
  public LedgerView view() {
    // One that is away is told of once, and not for each contract.
    version();
    return (transaction, task, ended) ->
        !find(transaction, task) && ended.plus(SEARCH).isBefore(clock.instant());
  }

  /** False if it is not known whether it was taken. */
  private boolean send(LedgerTransaction transaction) {
    var body = Json.object();
    body.put("version", "1");
    body.put("txn_type", type);
    body.put("tag", "contract:" + transaction.type() + " " + transaction.task());
    body.set(
        "payload",
        TransactionDocument.payload(transaction).put("transaction_id", transaction.id()));
    String operation = "append transaction " + transaction.id();
    Answer answer;
    try {
      answer = ask("POST", "/v1/transaction", Json.write(body));
    } catch (ConnectException | UnknownHostException e) {
      throw unreachable(operation, e);
    } catch (IOException e) {
      return false;
    }
    if (answer.status() >= 500) {
      return false;
    }
    if (answer.status() / 100 != 2) {
      throw refused(operation, answer);
    }
    return isTaken(answer);
  }

  /**
   * A chain that takes a transaction names it; another yes may be that of what stands before it.
   */
  private static boolean isTaken(Answer answer) {
    try {
      return Json.read(answer.body()).hasNonNull("transaction_id");
    } catch (IOException e) {
      return false;
    }
  }

  private boolean appears(LedgerTransaction transaction) throws InterruptedException {
    for (Duration waited = Duration.ZERO;
        waited.compareTo(SEARCH) < 0;
        waited = waited.plus(PAUSE)) {
      pauses.pause(PAUSE);
      if (find(transaction.id(), transaction.task())) {
        return true;
      }
    }
    return false;
  }

  /** Whether the chain has it in a block. */
  private boolean find(String transaction, String task) {
    String operation = "look for transaction " + transaction;
    // A task's identity has '-', and '/' where a queue delivered it, which would separate words.
    String query = "@tag:\"" + task + "\"";
    Answer answer;
    try {
      answer =
          ask(
              "GET",
              "/v1/transaction?transaction_type="
                  + encoded(type)
                  + "&q="
                  + encoded(query)
                  + "&offset=0&limit=100",
              new byte[0]);
    } catch (IOException e) {
      throw unreachable(operation, e);
    }
    if (answer.status() / 100 != 2) {
      throw refused(operation, answer);
    }
    try {
      for (JsonNode found : Json.read(answer.body()).path("results")) {
        // A payload is a text or an object, by the chain's version.
        if (found.path("payload").toString().contains(transaction)) {
          return true;
        }
      }
      return false;
    } catch (MalformedJson e) {
      throw failure(operation, "something that is not JSON", "Check that it is a chain", false, e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks the chain for its version. */
  public String version() {
    Answer answer;
    try {
      answer = ask("GET", "/v1/status", new byte[0]);
    } catch (IOException e) {
      throw unreachable("ask for its status", e);
    }
    if (answer.status() / 100 != 2) {
      throw refused("ask for its status", answer);
    }
    try {
      return "Dragonchain "
          + Json.read(answer.body()).path("version").asText("of an unknown version");
    } catch (MalformedJson e) {
      throw failure(
          "ask for its status", "something that is not JSON", "Check that it is a chain", false, e);
    }
  }

  private Answer ask(String verb, String path, byte[] body) throws IOException {
    String timestamp = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
    String contentType = body.length == 0 ? "" : JSON;
    String whole = url.getRawPath() + path;
    var request = new HttpUriRequestBase(verb, URI.create(url + path));
    request.setConfig(RequestConfig.custom().setResponseTimeout(answer).build());
    request.setHeader("dragonchain", chain);
    request.setHeader("timestamp", timestamp);
    request.setHeader(
        "Authorization",
        RequestSignature.of(keyId, key.get(), verb, whole, chain, timestamp, contentType, body));
    if (body.length > 0) {
      request.setEntity(new ByteArrayEntity(body, ContentType.create(JSON)));
    }
    return client.execute(request, HttpLedger::read);
  }

  private static Answer read(ClassicHttpResponse response) throws IOException {
    if (response.getEntity() == null) {
      return new Answer(response.getCode(), new byte[0]);
    }
    try (var in = response.getEntity().getContent()) {
      byte[] body = in.readNBytes(MAX_ANSWER);
      if (body.length == MAX_ANSWER) {
        throw new IOException("an answer of more than 1 MiB");
      }
      return new Answer(response.getCode(), body);
    }
  }

  private LedgerException refused(String operation, Answer answer) {
    String remedy =
        switch (answer.status()) {
          case 401, 403 ->
              "Check the API key and what it may do (CONTRACT_BUILDER_LEDGER_KEY_ID,"
                  + " CONTRACT_BUILDER_LEDGER_KEY_FILE), DRAGONCHAIN_ID and this machine's clock";
          case 400, 404 ->
              "Register the transaction type on that chain (CONTRACT_BUILDER_LEDGER_TYPE)";
          default -> "Look at the chain";
        };
    return failure(
        operation, answer.words(), remedy, answer.status() >= 500 || answer.status() == 429, null);
  }

  private LedgerException unreachable(String operation, IOException e) {
    String word =
        e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    return failure(
        operation, word, "Check that it can be reached (CONTRACT_BUILDER_LEDGER_URL)", true, e);
  }

  private LedgerException failure(
      String operation, String answer, String remedy, boolean retry, @Nullable Throwable cause) {
    return new LedgerException(
        url.getScheme() + "://" + url.getAuthority(), operation, answer, remedy, retry, cause);
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
