package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListeners;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.TestWatchdog;
import io.contractbuilder.image.WatchdogLayers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mirrors of a registry, as containerd's hosts.toml names them. */
@Timeout(60)
class MirrorsTest {
  private static final RegistryCredentials CREDENTIALS =
      new RegistryCredentials("joe", new Secret("canary-password"));
  private final ImageWrap wrap = new ImageWrap(new WatchdogLayers(), ImageLimits.DEFAULT);
  @TempDir private Path certs;
  private MemoryRegistry first;
  private MemoryRegistry second;
  private MemoryRegistry upstream;
  private MemoryRegistry target;
  private final TestImage image = TestImage.oci(3, 100);

  @BeforeEach
  void start() throws IOException {
    first = new MemoryRegistry();
    second = new MemoryRegistry();
    upstream = new MemoryRegistry();
    target = new MemoryRegistry();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    upstream.close();
    target.close();
  }

  private void hosts(String host, String toml) throws IOException {
    Path folder = Files.createDirectories(certs.resolve(host));
    Files.writeString(
        folder.resolve("hosts.toml"),
        toml.replace("FIRST", "http://" + first.host())
            .replace("SECOND", "http://" + second.host())
            .replace("UPSTREAM", "http://" + upstream.host()));
  }

  private BuiltImage run(String source) {
    return run(source, null, RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs));
  }

  private BuiltImage run(
      String source, @Nullable RegistryCredentials credentials, RegistryAccess access) {
    try (ImageStores sources =
            new ImageStores(
                new RegistryClient(
                    access, new RefusingRegistries(null), InetAddress::getAllByName, time -> {}),
                false);
        ImageStores targets =
            new ImageStores(
                new RegistryClient(
                    RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                    new RefusingRegistries(null)),
                false)) {
      return wrap.wrap(
          new ImageWrap.Input(ImageReference.parse(source), credentials, TestWatchdog.BOTH, null),
          sources,
          targets,
          ImageReference.parse(target.host() + "/contracts:1"),
          null,
          CopyListeners.NONE);
    }
  }

  @Test
  void firstMirrorThatHasTheImageGivesAllOfIt() throws IOException {
    hosts("docker.io", "[host.\"FIRST\"]\n[host.\"SECOND\"]\n");
    second.push("library/app", "1", image);

    assertThat(run("app:1").baseDigest()).isEqualTo(image.digest());

    assertThat(first.count("GET /v2/library/app/manifests/1")).isEqualTo(1);
    assertThat(second.count("GET /v2/library/app/blobs/")).isEqualTo(4);
    assertThat(second.heads).allMatch(head -> head.contains("?ns=docker.io "));
  }

  @Test
  void registryItselfIsAskedLast() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);

    assertThat(run(upstream.host() + "/app:1").baseDigest()).isEqualTo(image.digest());

    // What it does not have, the mirror is asked for each time.
    assertThat(first.count("GET ")).isEqualTo(5);
    assertThat(upstream.heads).noneMatch(head -> head.contains("ns="));
  }

  @Test
  void serverSaysWhereTheRegistryIs() throws IOException {
    hosts("registry.example", "server = \"UPSTREAM\"\n[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);

    assertThat(run("registry.example/app:1").baseDigest()).isEqualTo(image.digest());
  }

  @Test
  void mirrorThatFailsIsNotAskedAgain() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    first.behave(
        exchange -> {
          MemoryRegistry.answer(exchange, 403, new byte[0]);
          return true;
        });

    run(upstream.host() + "/app:1");

    assertThat(first.requests).hasSize(1);
  }

  @Test
  void mirrorThatIsDownIsPassedOver() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    first.close();

    assertThat(run(upstream.host() + "/app:1").baseDigest()).isEqualTo(image.digest());
  }

  @Test
  void layerThatAMirrorLacksComesFromTheNext() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    first.push("app", "1", image);
    first.blobs.remove(image.firstLayer());

    run(upstream.host() + "/app:1");

    assertThat(target.blobs).containsKey(image.firstLayer());
    assertThat(upstream.requests).containsExactly("GET /v2/app/blobs/" + image.firstLayer());
  }

  @Test
  void mirrorThatResolvesNoTagsIsAskedForDigestsAlone() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\ncapabilities = [\"pull\"]\n");
    upstream.push("app", "1", image);
    first.push("app", "1", image);

    run(upstream.host() + "/app:1");
    assertThat(first.requests).isEmpty();

    run(upstream.host() + "/app@" + image.digest());
    assertThat(first.count("GET /v2/app/manifests/" + image.digest())).isEqualTo(1);
  }

  @Test
  void mirrorsPathIsAsWritten() throws IOException {
    hosts(
        upstream.host(),
        "[host.\"FIRST/cache\"]\n[host.\"SECOND/v2/proxy\"]\noverride_path = true\n");
    upstream.push("app", "1", image);

    run(upstream.host() + "/app:1");

    assertThat(first.requests).contains("GET /cache/v2/app/manifests/1");
    assertThat(second.requests).contains("GET /v2/proxy/app/manifests/1");
  }

  @Test
  void mirrorsOfAllRegistriesAreTheDefaults() throws IOException {
    hosts("_default", "[host.\"FIRST\"]\n");
    first.push("app", "1", image);

    assertThat(run("registry.example/app:1").baseDigest()).isEqualTo(image.digest());
    assertThat(first.heads).allMatch(head -> head.contains("?ns=registry.example "));
  }

  @Test
  void credentialsOfAReferenceAreNotForAMirror() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    for (MemoryRegistry registry : new MemoryRegistry[] {first, upstream}) {
      registry.behave(
          exchange -> {
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
              return false;
            }
            MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"x\"").to(exchange);
            return true;
          });
    }

    run(
        upstream.host() + "/app:1",
        CREDENTIALS,
        RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs));

    assertThat(first.authorizations).containsOnly("");
    assertThat(upstream.authorizations).anyMatch(a -> a.startsWith("Basic "));
  }

  @Test
  void mirrorsOwnCredentialsGoToItAlone() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    first.behave(
        exchange -> {
          MemoryRegistry.header(401, "WWW-Authenticate", "Basic realm=\"x\"").to(exchange);
          return true;
        });
    RegistryAccess access =
        RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, certs)
            .with(first.host(), CREDENTIALS);

    run(upstream.host() + "/app:1", null, access);

    assertThat(first.authorizations).anyMatch(a -> a.startsWith("Basic "));
    assertThat(upstream.authorizations).containsOnly("");
  }

  /** A mirror is the operator's word; what it leads to is not. */
  @Test
  void eventsImageComesFromAnInternalMirrorWhichLeadsNowhereElse() throws IOException {
    hosts("registry.example", "[host.\"FIRST\"]\n");
    first.push("app", "1", image);
    RegistryAccess stranger = RegistryAccess.stranger(Set.of(), AllowedAddresses.PUBLIC, certs);

    assertThat(run("registry.example/app:1", null, stranger).baseDigest())
        .isEqualTo(image.digest());

    first.behave(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (!path.contains("/blobs/")) {
            return false;
          }
          MemoryRegistry.header(307, "Location", "http://localhost:" + second.port() + path)
              .to(exchange);
          return true;
        });
    assertThatThrownBy(() -> run("registry.example/app:1", null, stranger))
        .hasMessageContaining("localhost is the internal address");
    assertThat(second.requests).isEmpty();
  }

  @Test
  void certificatesForARegistryDoNotLetAnEventReachItAtAnInternalAddress() throws IOException {
    hosts(upstream.host(), "skip_verify = true\n");
    RegistryAccess stranger = RegistryAccess.stranger(Set.of(), AllowedAddresses.PUBLIC, certs);

    assertThatThrownBy(() -> run(upstream.host() + "/app:1", null, stranger))
        .hasMessageContaining("internal address 127.0.0.1");
    assertThat(upstream.requests).isEmpty();
  }

  @Test
  void defaultThatWouldShowACertificateToEveryRegistryIsRefused() throws IOException {
    hosts("_default", "client = \"me.pem\"\n");

    assertThatThrownBy(() -> run("registry.example/app:1"))
        .hasMessageContaining("'client' without 'server' would hold for every registry");
  }

  @Test
  void wrongContentOfAMirrorIsNotTaken() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");
    upstream.push("app", "1", image);
    first.push("app", "1", TestImage.docker(1, 100));
    String named = upstream.host() + "/app@" + image.digest();
    first.manifests.put(
        "app@" + image.digest(), first.manifests.getOrDefault("app@1", new byte[0]));
    first.types.put("app@" + image.digest(), image.mediaType());

    assertThat(run(named).baseDigest()).isEqualTo(image.digest());
  }

  @Test
  void failureSaysWhatEachAnswered() throws IOException {
    hosts(upstream.host(), "[host.\"FIRST\"]\n");

    assertThatThrownBy(() -> run(upstream.host() + "/app:1"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("registry " + upstream.host())
        .hasMessageContaining(
            "before that, mirror " + first.host() + " of " + upstream.host() + ": 404");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[host.\"FIRST\"",
        "[host.\"FIRST\"]\nheader = {a = \"b\"}\n",
        "[host.\"FIRST\"]\ncapabilities = [\"fly\"]\n",
        "[host.\"FIRST\"]\nclient = [[\"a\", \"b\", \"c\"]]\n",
        "[host.\"ftp://x\"]\n",
        "server = \"https://user:password@x\"\n",
        "unknown = 1\n"
      })
  void whatCannotBeDoneIsSaidWithTheFile(String toml) throws IOException {
    hosts("registry.example", toml);

    assertThatThrownBy(() -> run("registry.example/app:1"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("hosts.toml")
        .hasMessageNotContaining("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ca = \"ca.pem\"\nclient = [[\"me.pem\", \"me.key\"]]\n",
        "ca = [\"ca.pem\"]\nclient = \"both.pem\"\n",
        "skip_verify = true\nclient = [\"both.pem\"]\n"
      })
  void certificatesOfAMirrorAreThoseThatItsEntryNames(String entry, @TempDir Path other)
      throws Exception {
    try (TlsServer mirror = TlsServer.start(other)) {
      hosts("registry.example", "[host.\"https://" + mirror.host() + "\"]\n" + entry);
      Path folder = certs.resolve("registry.example");
      TlsServer.put("one-ca.crt", folder.resolve("ca.pem"));
      TlsServer.put("client.cert", folder.resolve("me.pem"));
      TlsServer.put("client.key", folder.resolve("me.key"));
      TlsServer.put("client.cert", folder.resolve("both.pem"));
      Files.write(
          folder.resolve("both.pem"),
          TlsServer.file("client.key"),
          java.nio.file.StandardOpenOption.APPEND);
      mirror.registry().push("app", "1", image);

      assertThat(run("registry.example/app:1").baseDigest()).isEqualTo(image.digest());
      assertThat(mirror.clients()).containsOnly("CN=client");
    }
  }
}
