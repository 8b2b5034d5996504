package io.contractbuilder.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.endtoend.Launched.Ended;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The S3's keys come from the role that AWS gives a container, a machine or a service account of
 * Kubernetes. AWS's three services are played; the S3 that checks the keys is real.
 */
@SuppressWarnings("NullAway.Init")
class RoleCredentialsIT {
  private static final String ROLE = "/latest/meta-data/iam/security-credentials/";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer aws;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.createContext("/", this::answer);
    aws.start();
  }

  @AfterEach
  void stop() {
    aws.stop(0);
  }

  @Test
  void aContainersRoleIsAsked() throws IOException {
    assertReaches(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", url() + "/container"));
    assertThat(asked).containsOnly("GET /container");
  }

  @Test
  void aMachinesRoleIsAsked() throws IOException {
    assertReaches(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", url()));
    assertThat(asked).contains("PUT /latest/api/token", "GET " + ROLE + "builder");
  }

  @Test
  void aServiceAccountsRoleIsAsked() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "web-identity");
    Ended ended =
        check(
            Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::123456789012:role/builder",
                "AWS_ENDPOINT_URL_STS",
                url()));

    // The S3 that runs here knows no session tokens, and says so of the one that it was given.
    assertThat(ended.out()).containsPattern("FAILED +storage .*InvalidToken");
    assertThat(ended.all()).doesNotContain(part("PARTS_S3_SECRET"), "session-token");
    assertThat(asked).containsOnly("POST / AssumeRoleWithWebIdentity web-identity");
  }

  @Test
  void withoutAnyTheMessageSaysWhatToSet() throws IOException {
    Ended ended = check(Map.of("AWS_EC2_METADATA_DISABLED", "true"));

    assertThat(ended.out())
        .containsPattern("FAILED +storage .*no keys were found")
        .containsPattern("→ .*AWS_ACCESS_KEY_ID");
  }

  @Test
  void aWrongSecretIsSaidToBeWrong() throws IOException {
    Ended ended =
        check(
            Map.of(
                "AWS_ACCESS_KEY_ID", part("PARTS_S3_KEY_ID"), "AWS_SECRET_ACCESS_KEY", "c4n4ry"));

    assertThat(ended.out())
        .containsPattern("FAILED +storage .*SignatureDoesNotMatch")
        .containsPattern("→ .*AWS_SECRET_ACCESS_KEY");
    assertThat(ended.all()).doesNotContain("c4n4ry");
  }

  private void assertReaches(Map<String, String> role) throws IOException {
    Ended ended = check(role);

    assertThat(ended.out())
        .as(ended.all())
        .containsPattern("ok +storage +S3 bucket " + part("PARTS_S3_BUCKET"));
    assertThat(ended.all()).doesNotContain(part("PARTS_S3_SECRET"), "session-token");
  }

  private Ended check(Map<String, String> role) throws IOException {
    var environment = new HashMap<>(role);
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("STORAGE_TYPE", "s3");
    environment.put("STORAGE_LOCATION", part("PARTS_S3_BUCKET"));
    environment.put("CONTRACT_BUILDER_S3_ENDPOINT", part("PARTS_S3"));
    environment.put("AWS_REGION", part("PARTS_S3_REGION"));
    environment.put("CONTRACT_BUILDER_STATE", folder.resolve("state").toString());
    String program = Launched.project().resolve("contract-builder").toString();
    try (Launched launched = Launched.startCommand(List.of(program, "check"), environment)) {
      return launched.ended();
    }
  }

  private static String part(String name) {
    String value = System.getenv(name);
    Assumptions.assumeTrue(value != null, name + " is not set: run this beside parts/run");
    return String.valueOf(value);
  }

  private String url() {
    return "http://127.0.0.1:" + aws.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (call.equals("POST /")) {
        call +=
            body.replaceFirst(".*Action=(\\w+).*", " $1")
                + body.replaceFirst(".*WebIdentityToken=([\\w-]+).*", " $1");
      }
      asked.add(call);
      byte[] answer =
          switch (exchange.getRequestURI().getPath()) {
            case "/container", ROLE + "builder" -> keys();
            case ROLE -> "builder".getBytes(UTF_8);
            case "/latest/api/token" -> "imds-token".getBytes(UTF_8);
            case "/" -> assumed();
            default -> new byte[0];
          };
      exchange.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "60");
      exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static Instant end() {
    return Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
  }

  private static byte[] keys() {
    return Json.write(
        Json.object()
            .put("Code", "Success")
            .put("AccessKeyId", part("PARTS_S3_KEY_ID"))
            .put("SecretAccessKey", part("PARTS_S3_SECRET"))
            .put("Expiration", end().toString()));
  }

  private static byte[] assumed() {
    return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/builder/x</Arn>
              <AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>
            <Credentials>
              <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
              <SessionToken>session-token</SessionToken><Expiration>%s</Expiration>
            </Credentials>
          </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
        .formatted(part("PARTS_S3_KEY_ID"), part("PARTS_S3_SECRET"), end())
        .getBytes(UTF_8);
  }
}
