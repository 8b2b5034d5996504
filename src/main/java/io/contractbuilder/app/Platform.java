package io.contractbuilder.app;

import io.contractbuilder.cli.Program.RunningPlatform;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.settings.Settings;
import java.io.IOException;

final class Platform {
  private Platform() {}

  static RunningPlatform start(Settings settings, ImageReader images, int port, boolean hostNetwork)
      throws IOException {
    if (port >= 0) {
      throw new IOException(settings.home() + " " + images + hostNetwork);
    }
    throw new IOException("x");
  }
}
