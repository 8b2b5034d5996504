package io.contractbuilder.storage.s3;

import io.contractbuilder.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The S3 beside which tests run. */
public final class S3Part {
  private S3Part() {}

  static String variable(String name) {
    String value = System.getenv(name);
    Assumptions.assumeTrue(value != null, name + " is not set: run this beside parts/run");
    return String.valueOf(value);
  }

  static URI endpoint() {
    return URI.create(variable("PARTS_S3"));
  }

  static S3Connection at(URI endpoint, S3Limits limits) {
    return at(endpoint, variable("PARTS_S3_SECRET"), limits);
  }

  static S3Connection at(URI endpoint, String secret, S3Limits limits) {
    return new S3Connection(
        endpoint,
        variable("PARTS_S3_REGION"),
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(variable("PARTS_S3_KEY_ID"), secret)),
        limits);
  }

  /**
   * A store on an empty bucket of its own.
   *
   * @throws StorageException if there is none
   */
  public static S3ObjectStore emptyBucket() throws IOException {
    String bucket = "b-" + UUID.randomUUID();
    Files.createDirectory(Path.of(variable("PARTS_S3_FOLDER")).resolveSibling(bucket));
    return new S3ObjectStore(bucket, at(endpoint(), S3Limits.USUAL));
  }

  /** What a store that is made in a hurry of an address needs. */
  static S3ObjectStore store(
      String bucket, URI endpoint, @Nullable String secret, S3Limits limits) {
    return new S3ObjectStore(
        bucket, secret == null ? at(endpoint, limits) : at(endpoint, secret, limits));
  }
}
