package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** The real parts that {@code parts/run} starts and names. */
final class Parts {
  private Parts() {}

  static String variable(String name) {
    String value = System.getenv(name);
    Assumptions.assumeTrue(
        value != null && !value.isEmpty(), name + " is not set: run this beside parts/run");
    return String.valueOf(value);
  }

  static RegistryCredentials credentials(String registry) {
    return new RegistryCredentials(
        variable(registry + "_USER"), new Secret(variable(registry + "_PASSWORD")));
  }

  static String image(String name) {
    return "oci:" + variable("PARTS_IMAGES") + "/" + name;
  }

  /** Runs a tool, which must end well, and gives what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    return run(Map.of(), command);
  }

  /** The same with these variables besides. */
  static String run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return printed;
  }

  /** An operator's access, with the authority of the registries that speak TLS. */
  static RegistryAccess access(Path folder) throws IOException {
    byte[] authority = Files.readAllBytes(Path.of(variable("PARTS_CA")));
    for (String registry : List.of("PARTS_REGISTRY_TLS", "PARTS_REGISTRY_V3_TLS")) {
      Path host = folder.resolve("certs.d").resolve(variable(registry));
      Files.createDirectories(host);
      Files.write(host.resolve("ca.crt"), authority);
    }
    return RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, folder.resolve("certs.d"));
  }
}
