package io.contractbuilder.registry;

import io.contractbuilder.image.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Where a blob's bytes come from; asked again for another attempt. */
interface BlobContent {
  InputStream open() throws IOException;

  /** Who gives them, as failures name it; null: they are our own. */
  default @Nullable String giver() {
    return null;
  }

  /** A blob of an image. */
  static BlobContent of(ImageSource source, Descriptor blob) {
    return new BlobContent() {
      @Override
      public InputStream open() throws IOException {
        return source.blob(blob);
      }

      @Override
      public String giver() {
        return source.part();
      }
    };
  }
}
