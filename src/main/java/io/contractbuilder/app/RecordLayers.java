package io.contractbuilder.app;

import io.contractbuilder.image.FolderWatchdog;
import java.io.IOException;
import java.nio.file.Path;

/** Run by the build: writes beside the watchdogs of folders what their layers come to. */
final class RecordLayers {
  private RecordLayers() {}

  public static void main(String[] folders) throws IOException {
    for (String folder : folders) {
      new FolderWatchdog(folder, Path.of(folder), false).record();
    }
  }
}
