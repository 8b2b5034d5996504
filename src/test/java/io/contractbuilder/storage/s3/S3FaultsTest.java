package io.contractbuilder.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** An S3 that refuses, fails, hangs or is away. */
@SuppressWarnings("NullAway.Init")
class S3FaultsTest {
  private static final String SECRET = "the-secret-key";

  /** For one that answers, however slow the machine. */
  private static final S3Limits PATIENT =
      new S3Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMinutes(1),
          3,
          Duration.ofMillis(10));

  private static final S3Limits IMPATIENT =
      new S3Limits(
          Duration.ofMillis(500),
          Duration.ofMillis(300),
          Duration.ofSeconds(3),
          3,
          Duration.ofMillis(10));

  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private S3ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    store = store(PATIENT);
  }

  private S3ObjectStore store(S3Limits limits) {
    return new S3ObjectStore(
        "contracts",
        new S3Connection(
            URI.create("http://user:hidden@127.0.0.1:" + server.getAddress().getPort()),
            null,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("the-id", SECRET)),
            limits));
  }

  private StorageException impatiently() {
    try (var impatient = store(IMPATIENT)) {
      return catchThrowableOfType(StorageException.class, () -> impatient.get("KEYS/a"));
    }
  }

  @AfterEach
  void stop() {
    end.countDown();
    store.close();
    server.stop(0);
    threads.close();
  }

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchBucket, STORAGE_LOCATION, false",
    "403, AccessDenied, s3:PutObject, false",
    "403, SignatureDoesNotMatch, AWS_SECRET_ACCESS_KEY, false",
    "403, InvalidAccessKeyId, AWS_ACCESS_KEY_ID, false",
    "403, RequestTimeTooSkewed, clock, true",
    "400, ExpiredToken, renew, true",
    "301, PermanentRedirect, AWS_REGION, false",
    "503, SlowDown, overloaded, true",
    "500, InternalError, overloaded, true",
    "507, XStorageFull, overloaded, true"
  })
  void whatItRefusesIsSaidInItsWordsWithTheRemedy(
      int status, String code, String remedy, boolean passes) {
    answer(Integer.MAX_VALUE, status, code);

    var failure =
        catchThrowableOfType(StorageException.class, () -> store.put("KEYS/a", new byte[1]));

    assertThat(failure)
        .hasMessageContaining("bucket contracts at http://127.0.0.1:")
        .hasMessageContaining("write KEYS/a")
        .hasMessageContaining(code)
        .hasMessageContaining(remedy)
        .hasMessageNotContainingAny("hidden", SECRET);
    assertThat(failure.retryHelps()).isEqualTo(passes);
  }

  @Test
  void whatPassesByItselfIsWaitedFor() {
    answer(2, 503, "SlowDown");

    store.put("KEYS/a", new byte[1]);

    assertThat(requests).hasValue(3);
  }

  @Test
  void oneThatHangsIsNotWaitedForLongerThanACallMayTake() {
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          await();
        });
    long start = System.nanoTime();

    var failure = impatiently();

    assertThat(failure).hasMessageContaining("timed out");
    assertThat(failure.retryHelps()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void oneThatDribblesIsCutOffWhenTheCallsTimeIsOver() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            while (!end.await(100, TimeUnit.MILLISECONDS)) {
              body.write('x');
              body.flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    long start = System.nanoTime();

    var failure = impatiently();

    assertThat(failure).hasMessageContaining("timed out");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void oneThatIsAwayIsSaidToBe() {
    server.stop(0);

    var failure = catchThrowableOfType(StorageException.class, () -> store.list("KEYS/"));

    assertThat(failure)
        .hasMessageContaining("no connection")
        .hasMessageContaining("CONTRACT_BUILDER_S3_ENDPOINT");
    assertThat(failure.retryHelps()).isTrue();
  }

  @Test
  void whatIsNoS3IsNotTakenForOne() {
    answer(Integer.MAX_VALUE, 404, null);

    var failure = catchThrowableOfType(StorageException.class, () -> store.list("KEYS/"));

    assertThat(failure).hasMessageContaining("HTTP 404").hasMessageContaining("S3_ENDPOINT");
  }

  @Test
  void aYesThatIsNoS3sIsNotBelieved() {
    answer(Integer.MAX_VALUE, 200, null);

    assertIsNotBelieved("ETag", () -> store.put("KEYS/a", new byte[1]));
    assertIsNotBelieved("no listing", () -> store.list("KEYS/"));
    assertIsNotBelieved("no listing", () -> store.children("KEYS/"));
    assertIsNotBelieved("no listing", () -> store.delete("KEYS/a"));
    assertIsNotBelieved("name all", () -> store.deleteAll(List.of("KEYS/a")));
  }

  @Test
  void anotherXmlIsNoListing() {
    server.createContext("/", exchange -> respond(exchange, 200, "<a><b>c</b></a>"));

    assertIsNotBelieved("no listing", () -> store.list("KEYS/"));
  }

  @Test
  void aDeleteThatAnswersOtherThanAnS3IsNotBelieved() {
    String there =
        """
        <ListBucketResult><Name>contracts</Name><KeyCount>1</KeyCount>\
        <IsTruncated>false</IsTruncated><Contents><Key>KEYS/a</Key></Contents></ListBucketResult>
        """;
    server.createContext(
        "/",
        exchange -> {
          boolean asked = exchange.getRequestMethod().equals("GET");
          respond(exchange, 200, asked ? there : "<html>gone</html>");
        });

    assertIsNotBelieved("204", () -> store.delete("KEYS/a"));
  }

  @Test
  void eachOfManyIsToBeNamedWhenTheyAreDeleted() {
    server.createContext(
        "/",
        exchange ->
            respond(
                exchange,
                200,
                "<DeleteResult><Deleted><Key>KEYS/a</Key></Deleted></DeleteResult>"));

    store.deleteAll(List.of("KEYS/a"));

    assertIsNotBelieved("name all", () -> store.deleteAll(List.of("KEYS/a", "KEYS/b")));
  }

  private static void assertIsNotBelieved(String said, ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining(said)
        .hasMessageContaining("CONTRACT_BUILDER_S3_ENDPOINT")
        .asInstanceOf(type(StorageException.class))
        .returns(true, StorageException::retryHelps);
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first requests so, the others well. */
  private void answer(int times, int status, @Nullable String code) {
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean well = requests.incrementAndGet() > times;
          String body = "<Error><Code>" + code + "</Code><Message>in words</Message></Error>";
          byte[] bytes =
              (well ? "" : code == null ? "<html>no</html>" : body)
                  .getBytes(StandardCharsets.UTF_8);
          if (well) {
            exchange.getResponseHeaders().set("ETag", "\"an-etag\"");
          }
          exchange.sendResponseHeaders(well ? 200 : status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
