package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    Process process =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return printed;
  }

  /** An operator's access, with the authority of the registry that speaks TLS. */
  static RegistryAccess access(Path folder) throws IOException {
    Path host = folder.resolve("certs.d").resolve(variable("PARTS_REGISTRY_TLS"));
    Files.createDirectories(host);
    Files.write(host.resolve("ca.crt"), Files.readAllBytes(Path.of(variable("PARTS_CA"))));
    return RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, folder.resolve("certs.d"));
  }
}
