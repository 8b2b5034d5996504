package io.contractbuilder.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.ObjectStoreConformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class S3ObjectStoreIT extends ObjectStoreConformance {
  private S3ObjectStore store;

  @BeforeEach
  void makeBucket() throws IOException {
    store = S3Part.emptyBucket();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void whatTheChainsOwnKeysNameIsTheSameObject() throws IOException {
    try (var contracts = S3Part.store(bucket(), S3Part.endpoint(), null, S3Limits.USUAL)) {
      contracts.put("SMARTCONTRACT/x/metadata.json", "{}".getBytes(UTF_8));
      Path file = Path.of(S3Part.variable("PARTS_S3_FOLDER"), "SMARTCONTRACT/x/metadata.json");

      assertThat(file).hasContent("{}");
      contracts.deleteAll(contracts.list("SMARTCONTRACT/x/"));
      assertThat(Files.exists(file)).isFalse();
    }
  }

  @Test
  void listsAndRemovesMoreThanOnePage() {
    IntStream.range(0, 1001).parallel().forEach(i -> store.put("H/a/" + i, new byte[1]));
    store.put("H/b", new byte[1]);
    var keys = store.list("H/a/");

    store.deleteAll(keys);

    assertThat(keys).hasSize(1001).isSorted();
    assertThat(store.list("")).containsExactly("H/b");
  }

  @Test
  void saysWhereItIs() {
    try (var contracts = S3Part.store(bucket(), S3Part.endpoint(), null, S3Limits.USUAL)) {
      assertThat(contracts.version())
          .isEqualTo("S3 bucket " + bucket() + " in us-east-1 at " + S3Part.endpoint());
    }
  }

  @Test
  void canBeUsedAgainAfterItWasClosed() {
    store.put("a", new byte[1]);
    store.close();

    assertThat(store.get("a")).hasSize(1);
  }

  private static String bucket() {
    return S3Part.variable("PARTS_S3_BUCKET");
  }
}
