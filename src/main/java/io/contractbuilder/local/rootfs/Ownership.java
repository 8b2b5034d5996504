package io.contractbuilder.local.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Who owns what is unpacked, and its permissions.
 *
 * @param kept whether files get the owners in the layers; asks for root
 */
record Ownership(boolean kept) {

  /** Gives a fresh file, folder or link its owner; follows no link. */
  void own(LayerEntry entry, Path place) throws IOException {
    // What root makes is root's already.
    if (kept && entry.uid() != 0) {
      Files.setAttribute(place, "unix:uid", entry.uid(), LinkOption.NOFOLLOW_LINKS);
    }
    if (kept && entry.gid() != 0) {
      Files.setAttribute(place, "unix:gid", entry.gid(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** An ordinary user must be able to read and remove again what it has unpacked. */
  void mode(int mode, Path place, int atLeast) throws IOException {
    Files.setAttribute(place, "unix:mode", kept ? mode : mode | atLeast);
  }
}
