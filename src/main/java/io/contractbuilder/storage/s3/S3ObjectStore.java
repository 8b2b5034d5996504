package io.contractbuilder.storage.s3;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Objects in a bucket, each under its key. Keys to S3 are those of the environment, else found as
 * AWS's clients find them: a container's role, an instance's. A connection is waited for 3 s, an
 * answer 10 s, a whole call with its tries 30 s.
 */
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration WHOLE = Duration.ofSeconds(30);

  /** Of one DeleteObjects (Amazon S3 API Reference, DeleteObjects). */
  private static final int BATCH = 1000;

  private static final Region ANY = Region.US_EAST_1;

  private final @Nullable URI endpoint;
  private final String bucket;
  private final @Nullable String region;
  private final Map<String, String> environment;
  private @Nullable S3Client client;

  /**
   * @param endpoint of a server that takes buckets in the path; null: AWS's own
   * @param region null: as any server but AWS's takes it
   * @param environment may hold {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code
   *     AWS_SESSION_TOKEN}
   */
  public S3ObjectStore(
      @Nullable URI endpoint,
      String bucket,
      @Nullable String region,
      Map<String, String> environment) {
    this.endpoint = endpoint;
    this.bucket = bucket;
    this.region = region;
    this.environment = environment;
  }

  @Override
  public byte @Nullable [] get(String key) {
    return call(
        "read " + key,
        s3 -> {
          try {
            return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray();
          } catch (NoSuchKeyException e) {
            return null;
          }
        });
  }

  @Override
  public void put(String key, byte[] value) {
    call(
        "write " + key,
        s3 ->
            s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(value)));
  }

  @Override
  public boolean delete(String key) {
    boolean there = get(key) != null;
    call("delete " + key, s3 -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    return there;
  }

  @Override
  public void deleteAll(Collection<String> keys) {
    var left = List.copyOf(keys);
    for (int from = 0; from < left.size(); from += BATCH) {
      List<String> batch = left.subList(from, Math.min(left.size(), from + BATCH));
      List<S3Error> errors = call("delete " + batch.size() + " objects", s3 -> deleted(s3, batch));
      if (errors != null && !errors.isEmpty()) {
        S3Error first = errors.getFirst();
        throw failure("delete " + first.key(), first.code(), null);
      }
    }
  }

  private List<S3Error> deleted(S3Client s3, List<String> keys) {
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    return s3.deleteObjects(
            request -> request.bucket(bucket).delete(all -> all.objects(objects).quiet(true)))
        .errors();
  }

  @Override
  public List<String> list(String prefix) {
    var keys = new ArrayList<String>();
    call(
        "list " + prefix,
        s3 -> {
          keys.clear();
          var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
          s3.listObjectsV2Paginator(request).contents().forEach(object -> keys.add(object.key()));
          return keys;
        });
    keys.sort(null);
    return keys;
  }

  /** Looks whether the bucket is there and may be read. */
  public String version() {
    call("look into the bucket", s3 -> s3.headBucket(request -> request.bucket(bucket)));
    return "S3 bucket " + bucket + (endpoint == null ? "" : " at " + endpoint);
  }

  private <T> @Nullable T call(String operation, Function<S3Client, @Nullable T> call) {
    try {
      return call.apply(client());
    } catch (AwsServiceException e) {
      throw failure(operation, e);
    } catch (SdkException e) {
      throw failure(operation, reason(e), e);
    }
  }

  private synchronized S3Client client() {
    S3Client made = client;
    if (made == null) {
      var builder =
          S3Client.builder()
              .httpClient(
                  UrlConnectionHttpClient.builder()
                      .connectionTimeout(CONNECT)
                      .socketTimeout(ANSWER)
                      .build())
              .region(region == null ? ANY : Region.of(region))
              .credentialsProvider(credentials())
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
              .overrideConfiguration(
                  ClientOverrideConfiguration.builder()
                      .apiCallTimeout(WHOLE)
                      // No file of the machine's user has a say.
                      .defaultProfileFile(ProfileFile.aggregator().build())
                      .build());
      if (endpoint != null) {
        builder.endpointOverride(endpoint).forcePathStyle(true);
      }
      made = builder.build();
      client = made;
    }
    return made;
  }

  private AwsCredentialsProvider credentials() {
    String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    if (id.isEmpty() || secret.isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        token.isEmpty()
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, token));
  }

  private StorageException failure(String operation, AwsServiceException e) {
    var details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    String answer = e.statusCode() + (code == null || code.isEmpty() ? "" : " " + code);
    String remedy =
        switch (code == null || code.isEmpty() ? Integer.toString(e.statusCode()) : code) {
          case "NoSuchBucket", "404" -> "Make the bucket, or name another (STORAGE_LOCATION)";
          case "AccessDenied", "403" ->
              "Let its keys or role list, read, write and delete in the bucket";
          case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" ->
              "Check the keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or the role";
          case "RequestTimeTooSkewed" -> "Set this machine's clock";
          case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
              "Name the bucket's region (AWS_REGION)";
          default -> "Look at the S3 server";
        };
    boolean retry = e.statusCode() >= 500 || e.statusCode() == 429 || e.isClockSkewException();
    return new StorageException(name(), operation, answer, remedy, retry, e);
  }

  private StorageException failure(String operation, String answer, @Nullable Throwable cause) {
    return new StorageException(
        name(),
        operation,
        answer,
        "Check that it runs and can be reached (CONTRACT_BUILDER_S3_ENDPOINT), and that there are"
            + " keys or a role for it",
        true,
        cause);
  }

  private String name() {
    return "S3 bucket " + bucket + (endpoint == null ? "" : " at " + endpoint.getAuthority());
  }

  /** The innermost word: those around it repeat it. */
  private static String reason(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null
        ? inner.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
