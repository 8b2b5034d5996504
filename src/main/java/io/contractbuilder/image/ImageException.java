package io.contractbuilder.image;

import io.contractbuilder.contract.PartFailure;

/** An image that cannot be made a function of. Asking again does not help. */
public final class ImageException extends PartFailure {
  /**
   * @param image the image's name
   * @param operation what was tried
   * @param answer what is wrong with it
   * @param remedy what to do
   */
  public ImageException(String image, String operation, String answer, String remedy) {
    super("image " + image, operation, answer, remedy, false, null);
  }
}
