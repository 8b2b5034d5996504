package io.contractbuilder.app;

import io.contractbuilder.cli.Program.RunningPlatform;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.local.LocalPlatform;
import io.contractbuilder.local.PlatformOptions;
import io.contractbuilder.settings.Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The local platform as the command line knows it. */
record Platform(LocalPlatform local) implements RunningPlatform {

  static Platform start(
      Settings settings,
      ImageReader images,
      Map<String, String> environment,
      int port,
      boolean hostNetwork) {
    var options =
        PlatformOptions.in(settings.state())
            .withPort(port)
            .withHostNetwork(hostNetwork)
            .withWatchdog(forwarder(settings.home()));
    // Credentials stand in the reader's own access to the private registry.
    return new Platform(LocalPlatform.start(options, images, reference -> null, environment));
  }

  /** The built-in watchdog's program for this machine; null if it was not built. */
  private static @Nullable Path forwarder(Path home) {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    Path program = home.resolve("watchdog/builtin").resolve(architecture).resolve("fwatchdog");
    return Files.isExecutable(program) ? program : null;
  }

  @Override
  public URI gateway() {
    return local.gateway();
  }

  @Override
  public String runtime() {
    return local.runtime();
  }

  @Override
  public void close() {
    local.close();
  }
}
