package io.contractbuilder.cli;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ImagePlatform;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "wrap",
    description = {
      "Makes an OpenFaaS function's image of a customer's image, and nothing else.",
      "SOURCE and TARGET: registry/repository:tag, repository@sha256:…, oci:folder:tag or"
          + " docker-archive:file[:tag]. Prints the new image's digest."
    })
final class WrapCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The customer's image.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "Where the function's image goes.")
  private String target = "";

  @Option(
      names = "--contract",
      paramLabel = "ID",
      description = "The contract whose image it becomes; makes the digest the contract's own.")
  private @Nullable String contract;

  @Option(
      names = "--auth",
      paramLabel = "FILE",
      description = "A file with user:password for the source's registry (-: standard input).")
  private @Nullable String auth;

  @Option(names = "--watchdog", paramLabel = "WATCHDOG", description = WatchdogFlag.DESCRIPTION)
  private @Nullable String watchdog;

  @Option(
      names = "--platform",
      paramLabel = "PLATFORM",
      description =
          "linux/ARCHITECTURE[/VARIANT]: only this one of an image of several; without it, each"
              + " that the watchdog is there for.")
  private @Nullable String platform;

  WrapCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ImageReference from = Flags.value("SOURCE", source, ImageReference::parse);
    ImageReference to = Flags.value("TARGET", target, ImageReference::parse);
    ContractId id = contract == null ? null : Flags.value("--contract", contract, ContractId::new);
    ImagePlatform only =
        platform == null ? null : Flags.value("--platform", platform, ImagePlatform::new);
    var progress = new ProgressView(context.console());
    long start = System.nanoTime();
    BuiltImage built =
        context
            .program()
            .wrap(
                from,
                only,
                to,
                Flags.credentials(auth, context.in()),
                id,
                watchdog,
                progress::copied);
    built.warnings().forEach(w -> context.console().event("warning", "warning: " + w));
    progress.built(built, Duration.ofNanos(System.nanoTime() - start));
    context.console().result(built.digest().value());
    return ExitCode.DONE.code();
  }
}
