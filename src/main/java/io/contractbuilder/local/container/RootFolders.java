package io.contractbuilder.local.container;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.ImageReader.ReadableImage;
import java.nio.file.Path;
import java.util.Set;

/** Unpacked images, one folder for each, shared by all containers of the image. */
public interface RootFolders {

  /**
   * The folder with the image's files; unpacks it if it is not there.
   *
   * @throws ContainerException if the image would write outside, is too large or cannot be read
   */
  Path unpacked(ReadableImage image);

  /** Removes the folders of all images but these. */
  void prune(Set<Digest> inUse);
}
