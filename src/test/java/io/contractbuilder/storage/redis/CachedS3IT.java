package io.contractbuilder.storage.redis;

import io.contractbuilder.storage.ObjectStore;
import io.contractbuilder.storage.s3.S3Part;
import java.io.IOException;

class CachedS3IT extends CachedObjectStoreConformance {
  @Override
  ObjectStore empty() throws IOException {
    return S3Part.emptyBucket();
  }
}
