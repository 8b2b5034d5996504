package io.contractbuilder.local.rootfs;

/** A layer holds what must not be unpacked; the message names the entry. */
public final class UnpackException extends Exception {
  UnpackException(String message) {
    super(message);
  }
}
