package io.contractbuilder.registry;

import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.WrappedImage;

/** Where one image is written to. Failures are {@link RegistryException}, with nothing tagged. */
interface ImageTarget {
  /** Stores the image under the reference's tag; what is there already is not copied. */
  void put(WrappedImage image, ImageSource source, CopyListener listener);

  /** Is told that an image is being read for it, and may begin in the meantime. */
  default void expect() {}

  /** Is told that the expected image does not come. */
  default void expectNoMore() {}
}
