package io.contractbuilder.scheduler.file;

import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.scheduler.SchedulerConformance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class FileSchedulerTest extends SchedulerConformance {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Override
  protected Scheduler scheduler() {
    return new FileScheduler(folder.resolve("schedules"));
  }

  @Override
  protected List<String> running() {
    var documents = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(folder.resolve("schedules"), "*.json")) {
      for (Path file : files) {
        documents.add(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }
}
