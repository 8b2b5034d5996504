package io.contractbuilder.local.wire;

import java.io.IOException;

/** A body is longer than the platform takes. */
final class BodyTooLarge extends IOException {
  BodyTooLarge(long most) {
    super("the body is longer than " + most + " bytes");
  }
}
