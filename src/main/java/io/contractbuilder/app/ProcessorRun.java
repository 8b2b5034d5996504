package io.contractbuilder.app;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.processor.Processor;
import io.contractbuilder.processor.ProcessorLimits;
import io.contractbuilder.processor.StatusServer;
import io.contractbuilder.processor.TaskRunner;
import io.contractbuilder.queue.TaskQueue;
import io.contractbuilder.settings.ProcessorSettings;
import io.contractbuilder.settings.Setting;
import io.contractbuilder.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A processor from its start to its end, with its status and its signals. */
final class ProcessorRun {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessorRun.class);

  private ProcessorRun() {}

  /**
   * Does tasks until a signal comes.
   *
   * @param longestTask after which a task is taken for hanging
   */
  static void run(
      Settings settings,
      TaskQueue queue,
      TaskRunner tasks,
      Duration longestTask,
      int workers,
      Supplier<JobListener> views) {
    var processor =
        new Processor(
            queue,
            tasks,
            name(),
            ProcessorLimits.of(workers, settings.processor().stopLimit()),
            longestTask,
            views);
    try (StatusServer status = listen(settings.processor(), processor)) {
      if (status != null) {
        LOG.info("/livez, /readyz and /metrics are answered at {}", status.address());
      }
      Signals.onEnd(processor::stop);
      processor.run();
    }
  }

  private static @Nullable StatusServer listen(ProcessorSettings settings, Processor processor) {
    ProcessorSettings.Address address = settings.listen();
    if (address == null) {
      return null;
    }
    String wanted = address.host() + ":" + address.port();
    try {
      return StatusServer.start(
          new InetSocketAddress(InetAddress.getByName(address.host()), address.port()),
          processor,
          settings.statusTokenFile() == null ? null : settings::statusToken);
    } catch (IOException e) {
      throw new InvalidInput(
          "settings",
          List.of(
              new Violation(
                  Setting.CONTRACT_BUILDER_LISTEN.name(),
                  '"' + wanted + "\", which cannot be listened on (" + e.getMessage() + ")",
                  "a free port on an address of this machine")));
    }
  }

  /** Nobody's else, and none before: the process's id is for people. */
  private static String name() {
    var random = new byte[8];
    new SecureRandom().nextBytes(random);
    return ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random);
  }
}
