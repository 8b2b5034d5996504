package io.contractbuilder.scheduler.file;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.json.Json;
import io.contractbuilder.scheduler.RunningSchedule;
import io.contractbuilder.scheduler.ScheduleDocument;
import io.contractbuilder.scheduler.ScheduledContract;
import io.contractbuilder.scheduler.Scheduler;
import io.contractbuilder.scheduler.SchedulerException;
import io.contractbuilder.storage.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One file per running schedule, in a folder that the local platform watches. */
public final class FileScheduler implements Scheduler {
  private static final String ENDING = ".json";

  private final Path folder;

  /**
   * @param folder is made when it is needed
   */
  public FileScheduler(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public void schedule(ScheduledContract contract) {
    try {
      Files.createDirectories(folder);
      WholeFile.write(
          file(contract.id()),
          Json.write(ScheduleDocument.toJson(contract)),
          "rw-r--r--",
          WholeFile.Finish.NONE);
    } catch (IOException e) {
      throw failure("schedule contract " + contract.id(), e);
    }
  }

  @Override
  public boolean unschedule(ContractId id, TransactionType type, ExecutionOrder order) {
    try {
      return Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw failure("unschedule contract " + id, e);
    }
  }

  @Override
  public List<RunningSchedule> schedules() {
    var held = new ArrayList<RunningSchedule>();
    if (!Files.isDirectory(folder)) {
      return held;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(ENDING)) {
          read(name.substring(0, name.length() - ENDING.length()), file, held);
        }
      }
    } catch (IOException e) {
      throw failure("list the schedules", e);
    }
    return held;
  }

  private static void read(String contract, Path file, List<RunningSchedule> held)
      throws IOException {
    try {
      held.add(RunningSchedule.read(contract, Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      // It was unscheduled just now.
      return;
    }
  }

  private Path file(ContractId id) {
    return folder.resolve(id + ENDING);
  }

  private SchedulerException failure(String operation, IOException e) {
    return new SchedulerException(
        folder.toString(),
        operation,
        e.getClass().getSimpleName(),
        "Check that the disk has room and that this program's user may write there",
        true,
        e);
  }
}
