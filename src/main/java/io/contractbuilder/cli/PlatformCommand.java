package io.contractbuilder.cli;

import io.contractbuilder.json.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "platform",
    description = {
      "Runs the local platform in the foreground: a small OpenFaaS on loopback that really runs"
          + " functions in containers (root: runc, else bubblewrap), and invokes scheduled"
          + " contracts. Ctrl-C ends it and all that it runs.",
      "User and password of its gateway are the files platform/user and platform/password below the"
          + " state folder (CONTRACT_BUILDER_STATE)."
    })
final class PlatformCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The gateway's port on 127.0.0.1 (default: any that is free).")
  private int port;

  @Option(
      names = "--network",
      paramLabel = "NETWORK",
      defaultValue = "none",
      description =
          "none: functions reach nothing; host: they share this machine's network, and"
              + " whatever listens on it (default ${DEFAULT-VALUE}).")
  private String network = "none";

  PlatformCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean host =
        switch (network) {
          case "host" -> true;
          case "none" -> false;
          default -> throw Flags.wrong("--network", '"' + network + '"', "none or host");
        };
    try (Program.RunningPlatform platform = context.program().startPlatform(port, host)) {
      context
          .console()
          .event(
              Level.INFO,
              "The platform answers at "
                  + platform.gateway()
                  + ", functions run in "
                  + platform.runtime()
                  + ". Ctrl-C ends it.",
              Json.object()
                  .put("gateway", platform.gateway().toString())
                  .put("runtime", platform.runtime()));
      // The signal interrupts this thread; closing the platform is what remains to be done.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      return ExitCode.DONE.code();
    }
    return ExitCode.DONE.code();
  }
}
