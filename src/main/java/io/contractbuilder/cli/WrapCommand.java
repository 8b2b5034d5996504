package io.contractbuilder.cli;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ImagePlatform;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
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
public final class WrapCommand implements Callable<Integer> {
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

  @Option(
      names = "--mount-from",
      paramLabel = "REPOSITORY",
      description =
          "Another repository of the target's registry that has the layers: they are taken from"
              + " there, and nothing is moved.")
  private @Nullable String mountFrom;

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

  /**
   * Does it without the command line's library, which is slow to load; answers with the exit code,
   * or null where only the library can tell what is meant.
   */
  public static @Nullable Integer run(
      Program program,
      Console console,
      InputStream in,
      Map<String, String> environment,
      String[] arguments) {
    var command = new WrapCommand(new Context(program, console, in, environment));
    try {
      return command.read(arguments) ? command.call() : null;
    } catch (RuntimeException e) {
      return console.failed(e).code();
    }
  }

  private boolean read(String[] arguments) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      String one = arguments[i];
      if (!one.startsWith("-") && !one.startsWith("@")) {
        names.add(one);
      } else if (++i == arguments.length || !set(one, arguments[i])) {
        return false;
      }
    }
    if (names.size() != 2) {
      return false;
    }
    source = names.getFirst();
    target = names.getLast();
    return true;
  }

  /** False also for a flag that is given twice, and for a value that may be a flag. */
  private boolean set(String flag, String value) {
    @Nullable String before;
    switch (flag) {
      case "--contract" -> {
        before = contract;
        contract = value;
      }
      case "--mount-from" -> {
        before = mountFrom;
        mountFrom = value;
      }
      case "--platform" -> {
        before = platform;
        platform = value;
      }
      case "--watchdog" -> {
        before = watchdog;
        watchdog = value;
      }
      default -> {
        return false;
      }
    }
    return before == null && !value.startsWith("-");
  }

  /** A repository beside the target's. */
  private static String sibling(ImageReference target, String name) {
    if (target instanceof InRegistry image
        && Flags.value("--mount-from", image.host() + "/" + name, ImageReference::parse)
            instanceof InRegistry sibling
        && sibling.host().equals(image.host())
        && sibling.repository().equals(name)) {
      return name;
    }
    throw Flags.wrong(
        "--mount-from", '"' + name + '"', "a repository of the registry that the target is in");
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
                mountFrom == null ? null : sibling(to, mountFrom),
                progress::copied);
    built.warnings().forEach(w -> context.console().event(Level.WARN, "warning: " + w));
    progress.built(built, Duration.ofNanos(System.nanoTime() - start));
    context.console().result(built.digest().value());
    return ExitCode.DONE.code();
  }
}
