package io.contractbuilder.storage.s3;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.StorageException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of an S3, under the storage's own keys. A call takes at most half a minute: 3
 * s for a connection, 10 s without a byte of the answer, new tries where that may help.
 */
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
  /** S3's own limit for one request. */
  private static final int MOST_AT_ONCE = 1000;

  private static final int NO_CONTENT = 204;

  private final String bucket;
  private final S3Connection connection;
  private @Nullable S3Client client;

  /**
   * Contacts nobody yet. Keys are found as AWS clients do (environment, file, container, instance
   * role), and only when they are needed.
   *
   * @param endpoint of an S3 that takes the bucket in the path; null for AWS's own
   * @param region null: found as AWS clients do; of no importance to most with an endpoint
   */
  public S3ObjectStore(@Nullable URI endpoint, String bucket, @Nullable String region) {
    this(bucket, new S3Connection(endpoint, region, null, S3Limits.USUAL));
  }

  S3ObjectStore(String bucket, S3Connection connection) {
    this.bucket = bucket;
    this.connection = connection;
  }

  @Override
  public byte @Nullable [] get(String key) {
    ObjectStore.validKey(key);
    return call(
        "read " + key,
        s3 -> {
          try {
            return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArrayUnsafe();
          } catch (NoSuchKeyException e) {
            return null;
          }
        });
  }

  @Override
  public void put(String key, byte[] value) {
    ObjectStore.validKey(key);
    String operation = "write " + key;
    PutObjectResponse answer =
        call(
            operation,
            s3 -> s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(value)));
    // Every S3 names the object that it took; another yes may be that of what stands before it.
    if (answer.eTag() == null) {
      throw failure(operation, S3Fault.NO_ETAG, null);
    }
  }

  /**
   * {@inheritDoc} S3 answers a DELETE alike whether there was something or not, so it is looked for
   * first: one request where there is nothing, else two. By a listing, as the answer to a HEAD has
   * no words and does not tell a missing bucket from a missing object.
   */
  @Override
  public boolean delete(String key) {
    ObjectStore.validKey(key);
    // In a listing, which is sorted, a key comes before all that begin with it.
    boolean isThere =
        page("look for " + key, key, null, 1).contents().stream()
            .anyMatch(object -> object.key().equals(key));
    if (isThere) {
      String operation = "delete " + key;
      DeleteObjectResponse answer =
          call(operation, s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
      if (answer.sdkHttpResponse().statusCode() != NO_CONTENT) {
        throw failure(operation, S3Fault.NO_DELETION, null);
      }
    }
    return isThere;
  }

  @Override
  public void deleteAll(Collection<String> keys) {
    var objects = new ArrayList<ObjectIdentifier>();
    for (String key : keys) {
      objects.add(ObjectIdentifier.builder().key(ObjectStore.validKey(key)).build());
    }
    for (int from = 0; from < objects.size(); from += MOST_AT_ONCE) {
      deleteBatch(objects.subList(from, Math.min(objects.size(), from + MOST_AT_ONCE)));
    }
  }

  private void deleteBatch(List<ObjectIdentifier> objects) {
    String operation = "delete " + objects.size() + " objects, " + objects.getFirst().key() + " …";
    var answer =
        call(
            operation,
            s3 ->
                s3.deleteObjects(
                    delete -> delete.bucket(bucket).delete(all -> all.objects(objects))));
    var gone = new HashSet<String>();
    answer.deleted().forEach(deleted -> gone.add(deleted.key()));
    for (S3Error error : answer.errors()) {
      gone.add(error.key());
      if (!"NoSuchKey".equals(error.code())) {
        int status = "InternalError".equals(error.code()) ? 500 : 400;
        S3Fault fault = S3Fault.refused(String.valueOf(error.code()), error.message(), status);
        throw failure("delete " + error.key(), fault, null);
      }
    }
    if (!objects.stream().allMatch(object -> gone.contains(object.key()))) {
      throw failure(operation, S3Fault.NOT_ALL_DELETED, null);
    }
  }

  @Override
  public List<String> list(String prefix) {
    var keys = new ArrayList<String>();
    String next = null;
    do {
      ListObjectsV2Response page = page("list " + prefix, prefix, next, MOST_AT_ONCE);
      page.contents().stream().map(S3Object::key).forEach(keys::add);
      next = page.nextContinuationToken();
    } while (next != null);
    // S3 sorts by UTF-8, and some S3s do not at all.
    keys.sort(null);
    return keys;
  }

  @Override
  public List<String> children(String prefix) {
    var names = new TreeSet<String>();
    String next = null;
    do {
      String from = next;
      ListObjectsV2Response page =
          page(
              "list " + prefix,
              list ->
                  list.prefix(prefix).delimiter("/").continuationToken(from).maxKeys(MOST_AT_ONCE));
      page.contents().stream().map(S3Object::key).forEach(key -> names.add(child(prefix, key)));
      page.commonPrefixes().forEach(folder -> names.add(child(prefix, folder.prefix())));
      next = page.nextContinuationToken();
    } while (next != null);
    return List.copyOf(names);
  }

  private static String child(String prefix, String key) {
    int end = key.indexOf('/', prefix.length());
    return key.substring(prefix.length(), end < 0 ? key.length() : end);
  }

  private ListObjectsV2Response page(
      String operation, String prefix, @Nullable String from, int most) {
    return page(operation, list -> list.prefix(prefix).continuationToken(from).maxKeys(most));
  }

  private ListObjectsV2Response page(
      String operation, Consumer<ListObjectsV2Request.Builder> asked) {
    ListObjectsV2Response page =
        call(operation, s3 -> s3.listObjectsV2(list -> asked.accept(list.bucket(bucket))));
    if (page.isTruncated() == null) {
      throw failure(operation, S3Fault.NO_LISTING, null);
    }
    return page;
  }

  /**
   * Asks for the bucket: {@code S3 bucket contracts in us-east-1 at http://s3:9000}.
   *
   * @throws StorageException if it does not answer, or may not be listed
   */
  public String version() {
    page("look into the bucket", "", null, 1);
    String region = call("find the region", s3 -> s3.serviceClientConfiguration().region().id());
    return "S3 bucket " + bucket + " in " + region + " at " + place();
  }

  private synchronized S3Client client() {
    S3Client made = client;
    if (made == null) {
      made = connection.open();
      client = made;
    }
    return made;
  }

  private <T> T call(String operation, Function<S3Client, T> call) {
    try {
      return call.apply(client());
    } catch (SdkException e) {
      throw failure(operation, S3Fault.of(e), e);
    }
  }

  private StorageException failure(String operation, S3Fault fault, @Nullable SdkException e) {
    return new StorageException(
        "bucket " + bucket + " at " + place(),
        operation,
        fault.answer(),
        fault.remedy(),
        fault.passes(),
        e);
  }

  /** Without user or query, which may hold what is secret. */
  private String place() {
    URI endpoint = connection.endpoint();
    if (endpoint == null) {
      return "AWS";
    }
    int port = endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + (port < 0 ? "" : ":" + port);
  }

  /** Ends its connections, if there are any. */
  @Override
  public synchronized void close() {
    S3Client open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }
}
