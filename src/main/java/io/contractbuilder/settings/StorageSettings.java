package io.contractbuilder.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What contracts are stored on. */
public sealed interface StorageSettings {

  /**
   * A folder.
   *
   * @param folder may not be there yet; null: {@code storage} in the state folder
   */
  record Disk(@Nullable Path folder) implements StorageSettings {}

  /**
   * A bucket.
   *
   * @param endpoint of a server that takes bucket names in the path; null: AWS's own
   * @param region null: as the endpoint's server takes any, {@code us-east-1}
   */
  record S3(String bucket, @Nullable URI endpoint, @Nullable String region)
      implements StorageSettings {}
}
