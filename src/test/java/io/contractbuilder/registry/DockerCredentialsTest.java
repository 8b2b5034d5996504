package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.ImageLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DockerCredentialsTest {
  @TempDir private Path folder;

  private DockerCredentials config(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    return new DockerCredentials(folder, List.of(folder), Duration.ofSeconds(5));
  }

  private void helper(String name, String script) throws IOException {
    Path file = folder.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RegistryCredentials pair(String user, String password) {
    return new RegistryCredentials(user, new Secret(password));
  }

  @Test
  void authOfTheHostIsTakenAndOfNoOther() throws IOException {
    DockerCredentials config =
        config(
            "{\"auths\":{\"https://r.example:5000/v2/\":{\"auth\":\""
                + base64("joe:a:b")
                + "\"},\"https://index.docker.io/v1/\":{\"auth\":\""
                + base64("hub:c")
                + "\"}}}");

    assertThat(config.find("r.example:5000")).isEqualTo(pair("joe", "a:b"));
    assertThat(config.find("docker.io")).isEqualTo(pair("hub", "c"));
    assertThat(config.find("r.example")).isNull();
    assertThat(config.find("r.example:50001")).isNull();
    assertThat(config.find("evil.r.example:5000")).isNull();
  }

  @Test
  void googlesJsonKeyAndKubernetesFormAreTaken() throws IOException {
    Files.writeString(
        folder.resolve(".dockerconfigjson"),
        "{\"auths\":{\"gcr.io\":{\"auth\":\""
            + base64("_json_key:{\"type\":\"x\"}")
            + "\"},"
            + "\"b.example\":{\"username\":\"joe\",\"password\":\"p\"}}}");
    DockerCredentials config = new DockerCredentials(folder, List.of());

    assertThat(config.find("gcr.io")).isEqualTo(pair("_json_key", "{\"type\":\"x\"}"));
    assertThat(config.find("b.example")).isEqualTo(pair("joe", "p"));
  }

  @Test
  void folderIsTheOneThatDockerTakes() throws IOException {
    Path given = login("given", "given");
    login("home/.docker", "home");
    Path home = folder.resolve("home");

    assertThat(found(Map.of("DOCKER_CONFIG", given.toString(), "HOME", home.toString())))
        .isEqualTo(pair("given", "p"));
    assertThat(found(Map.of("DOCKER_CONFIG", "", "HOME", home.toString())))
        .isEqualTo(pair("home", "p"));
    assertThat(found(Map.of("HOME", home.toString()))).isEqualTo(pair("home", "p"));
    assertThat(found(Map.of("HOME", given.toString()))).isNull();
    assertThat(DockerCredentials.of(Map.of())).isSameAs(CredentialSource.NONE);
  }

  @Test
  void helpersAreLookedForInAllFoldersOfThePath() throws IOException {
    helper("one", "read s; echo \"{\\\"Username\\\":\\\"$s\\\",\\\"Secret\\\":\\\"1\\\"}\"");
    config("{\"credsStore\":\"one\"}");
    String docker = folder.toString();

    assertThat(found(Map.of("DOCKER_CONFIG", docker, "PATH", "/nowhere::" + docker + ":/")))
        .isEqualTo(pair("r.example", "1"));
    for (Map<String, String> without :
        List.of(
            Map.of("DOCKER_CONFIG", docker), Map.of("DOCKER_CONFIG", docker, "PATH", "/nowhere"))) {
      assertThatThrownBy(() -> found(without)).hasMessageContaining("cannot be started");
    }
  }

  private Path login(String name, String user) throws IOException {
    Path kept = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        kept.resolve("config.json"),
        "{\"auths\":{\"r.example\":{\"auth\":\"" + base64(user + ":p") + "\"}}}");
    return kept;
  }

  private static @Nullable RegistryCredentials found(Map<String, String> environment) {
    return DockerCredentials.of(environment).find("r.example");
  }

  @Test
  void nothingIsThereWithoutAFile() {
    assertThat(new DockerCredentials(folder, List.of()).find("r.example")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"auths\":{\"r.example\":{\"auth\":\"canary!\"}}}"})
  void malformedFileIsToldWithoutItsContent(String json) throws IOException {
    DockerCredentials config = config(json);
    if (json.isEmpty()) {
      assertThat(config.find("r.example")).isNull();
      return;
    }
    assertThatThrownBy(() -> config.find("r.example"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("Docker's credentials")
        .hasMessageNotContaining("canary");
  }

  @Test
  void helperOfTheHostIsAskedForItAndTheStoreForAllOthers() throws IOException {
    helper(
        "one",
        "read s; test \"$1\" = get && echo \"{\\\"Username\\\":\\\"$s\\\",\\\"Secret\\\":\\\"1\\\"}\"");
    helper("all", "read s; echo \"{\\\"Username\\\":\\\"$s\\\",\\\"Secret\\\":\\\"2\\\"}\"");
    DockerCredentials config =
        config("{\"credsStore\":\"all\",\"credHelpers\":{\"r.example\":\"one\"}}");

    assertThat(config.find("r.example")).isEqualTo(pair("r.example", "1"));
    assertThat(config.find("docker.io")).isEqualTo(pair("https://index.docker.io/v1/", "2"));
  }

  @Test
  void helperThatHasNoneLeavesItToTheFile() throws IOException {
    helper("all", "cat >/dev/null; echo credentials not found in native keychain; exit 1");
    DockerCredentials config =
        config(
            "{\"credsStore\":\"all\",\"auths\":{\"r.example\":{\"auth\":\""
                + base64("joe:p")
                + "\"}}}");

    assertThat(config.find("r.example")).isEqualTo(pair("joe", "p"));
    assertThat(config.find("s.example")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo canary; echo canary >&2; exit 3",
        "echo canary",
        "echo '{\"Secret\":'canary"
      })
  void helpersOutputIsNeverShown(String script) throws IOException {
    helper("bad", script);
    DockerCredentials config = config("{\"credsStore\":\"bad\"}");

    assertThatThrownBy(() -> config.find("r.example"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("docker-credential-bad: asking it for credentials of r.example")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "../bad", "a b", "/bin/sh"})
  void helperThatIsNotThereIsTold(String name) throws IOException {
    DockerCredentials config = config("{\"credsStore\":\"" + name + "\"}");
    assertThatThrownBy(() -> config.find("r.example")).hasMessageContaining("cannot be started");
  }

  @Test
  void helperThatHangsIsEndedWithWhatItStarted() throws IOException {
    helper(
        "slow", "echo $$ >" + folder + "/new; mv " + folder + "/new " + folder + "/pid; sleep 60");
    config("{\"credsStore\":\"slow\"}");
    Path started = folder.resolve("pid");
    Duration limit = Duration.ofMillis(250);
    // On a slow machine it has not come to that before it is ended.
    do {
      limit = limit.multipliedBy(2);
      DockerCredentials config = new DockerCredentials(folder, List.of(folder), limit);
      assertThatThrownBy(() -> config.find("r.example")).hasMessageContaining("no answer within");
    } while (!Files.exists(started) && limit.toSeconds() < 60);
    long pid = Long.parseLong(Files.readString(started).strip());
    ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void identityTokenGoesToTheTokenServiceAlone() throws IOException {
    try (MemoryRegistry registry = new MemoryRegistry()) {
      registry.push("app", "1", TestImage.oci(1, 100));
      List<String> forms = new CopyOnWriteArrayList<>();
      registry.at(
          "/token",
          exchange -> {
            forms.add(
                exchange.getRequestMethod()
                    + " "
                    + new String(
                        exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            MemoryRegistry.answer(
                exchange, 200, "{\"access_token\":\"abc\"}".getBytes(StandardCharsets.UTF_8));
          });
      registry.behave(bearer(registry, new AtomicInteger(Integer.MAX_VALUE)));
      DockerCredentials config =
          config("{\"auths\":{\"" + registry.host() + "\":{\"identitytoken\":\"canary-token\"}}}");

      assertThat(resolve(registry, config)).startsWith("sha256:");

      assertThat(forms)
          .singleElement()
          .asString()
          .startsWith("POST grant_type=refresh_token&")
          .endsWith("&refresh_token=canary-token");
      assertThat(registry.heads).noneMatch(h -> h.contains("canary"));
    }
  }

  private static String resolve(MemoryRegistry registry, CredentialSource credentials) {
    RegistryAccess access =
        RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null).with(credentials);
    RegistryClient client =
        new RegistryClient(
            access, new RefusingRegistries(null), InetAddress::getAllByName, time -> {});
    try (ImageStores stores = new ImageStores(client, false)) {
      return new StoredImages(stores, ImageLimits.DEFAULT)
          .resolve(ImageReference.parse(registry.host() + "/app:1"), null)
          .value();
    }
  }

  /** Asks for the token {@code abc}, which serves so many requests each time. */
  static MemoryRegistry.Behaviour bearer(MemoryRegistry registry, AtomicInteger left) {
    return exchange -> {
      boolean token = "Bearer abc".equals(exchange.getRequestHeaders().getFirst("Authorization"));
      if (token && left.getAndDecrement() > 0) {
        return false;
      }
      MemoryRegistry.header(
              401, "WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\"")
          .to(exchange);
      return true;
    };
  }
}
