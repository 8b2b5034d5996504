package io.contractbuilder.local.rootfs;

/** What an image may have at most: entries, and bytes of all files together. */
final class Budget {
  private long bytesLeft;
  private long entriesLeft;

  Budget(long mostBytes, long mostEntries) {
    this.bytesLeft = mostBytes;
    this.entriesLeft = mostEntries;
  }

  void take(LayerEntry entry) throws UnpackException {
    take(entry.name(), entry.size());
  }

  synchronized void take(String name, long bytes) throws UnpackException {
    if (--entriesLeft < 0) {
      throw new UnpackException("more entries than are allowed");
    }
    bytesLeft -= bytes;
    if (bytesLeft < 0) {
      throw new UnpackException(name + ": the image is larger than is allowed");
    }
  }
}
