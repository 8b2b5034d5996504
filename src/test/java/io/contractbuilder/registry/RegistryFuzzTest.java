package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.image.ImageException;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ManifestDocument;
import io.contractbuilder.image.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strangers write, bent at random: it is read or refused, never anything else. */
@Timeout(300)
class RegistryFuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final int TIMES =
      "long".equals(System.getenv("CONTRACT_BUILDER_VERIFY")) ? 300_000 : 3_000;
  private static final String LETTERS = "aZ09.:/@-_[]%?#=&\",\\ \t\u0000\u00e9{}~";
  private RandomGenerator random = RandomGenerator.getDefault();

  @BeforeEach
  void seed() {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    System.out.println("fuzz.seed=" + SEED);
  }

  private byte[] bent(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    for (int i = random.nextInt(6); i >= 0; i--) {
      int next = at + random.nextInt(text.length - at + 1);
      out.write(text, at, next - at);
      switch (random.nextInt(4)) {
        case 0 -> at = next;
        case 1 -> at = Math.min(text.length, next + random.nextInt(8));
        case 2 -> {
          out.writeBytes(String.valueOf(letter()).getBytes(StandardCharsets.UTF_8));
          at = Math.min(text.length, next + 1);
        }
        default -> {
          int from = random.nextInt(text.length + 1);
          out.write(text, from, Math.min(text.length - from, random.nextInt(40)));
          at = next;
        }
      }
    }
    out.write(text, at, text.length - at);
    return out.toByteArray();
  }

  private char letter() {
    return LETTERS.charAt(random.nextInt(LETTERS.length()));
  }

  private String bent(List<String> examples) {
    byte[] one = examples.get(random.nextInt(examples.size())).getBytes(StandardCharsets.UTF_8);
    return new String(bent(one), StandardCharsets.UTF_8);
  }

  @Test
  void imageReferencesAreReadOrRefused() {
    List<String> examples =
        List.of(
            "alpine",
            "joe/app:1",
            "[::1]:5000/a/b@sha256:" + "0".repeat(64),
            "registry.example:5000/team/app:v1.2@sha256:" + "a".repeat(64));
    for (int i = 0; i < TIMES; i++) {
      String text = bent(examples);
      try {
        if (ImageReference.parse(text) instanceof ImageReference.InRegistry read) {
          assertThat(ImageReference.parse(read.toString())).as(text).isEqualTo(read);
          URI uri = URI.create("https://" + read.host() + "/v2/" + read.repository() + "/x");
          assertThat(uri.getRawAuthority()).as(text).isEqualTo(read.host());
          assertThat(read.repository()).as(text).doesNotContain("..", "//", "?", "#", "%");
        }
      } catch (IllegalArgumentException e) {
        assertThat(e).as(text).hasMessageContaining("oci:folder");
      }
    }
  }

  @Test
  void challengesAreReadInBounds() {
    List<String> examples =
        List.of(
            "Bearer realm=\"https://a.example/token\",service=\"s\",scope=\"repository:a:pull\"",
            "Basic realm=\"x\\\"y\", Bearer realm=https://b.example",
            "Negotiate abc==, Digest qop=\"auth,auth-int\"");
    for (int i = 0; i < TIMES; i++) {
      List<Challenge> read = Challenge.parse(List.of(bent(examples), bent(examples)));
      assertThat(read).hasSizeLessThanOrEqualTo(16);
      assertThat(read).allMatch(c -> !c.scheme().isEmpty());
    }
  }

  @Test
  void locationsAreAddressesThatCanBeAskedOrRefused() {
    URI base = URI.create("https://registry.example:5000/v2/a/blobs/uploads/");
    List<String> examples =
        List.of(
            "/v2/a/blobs/uploads/1?_state=x%3D",
            "https://b.example:8443/x?y=z#f",
            "//[::1]:5000/x",
            "http://joe@c.example/%2e%2e/x",
            "../../x");
    for (int i = 0; i < TIMES; i++) {
      String text = bent(examples);
      URI read = WebAddress.read(base, text);
      if (read != null) {
        assertThat(read.getScheme()).as(text).matches("(?i)https?");
        assertThat(read.getHost()).as(text).isNotEmpty();
        assertThat(read.getRawUserInfo()).as(text).isNull();
        assertThat(read.getRawFragment()).as(text).isNull();
        // What is made of it is an address, too.
        assertThat(URI.create(read + (read.getRawQuery() == null ? "?" : "&") + "digest=x"))
            .as(text)
            .isNotNull();
        assertThat(WebAddress.origin(read)).as(text).matches("https?://.+:[0-9]+");
      }
    }
  }

  @Test
  void linksLeadNowhere() throws IOException {
    List<String> examples =
        List.of(
            "</v2/app/tags/list?n=1000&last=b>; rel=\"next\"",
            "<http://internal.example:5000/v2/_catalog>; rel=next",
            "<//127.0.0.2/x?y=z#f>; rel=\"next\", <../../_catalog>; rel=\"next\"",
            "<file:///etc/passwd>");
    Set<String> hosts = ConcurrentHashMap.newKeySet();
    try (MemoryRegistry registry = new MemoryRegistry();
        RegistryClient client =
            new RegistryClient(
                RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
                new RefusingRegistries(null),
                host -> {
                  hosts.add(host);
                  return InetAddress.getAllByName(host);
                },
                pause -> {})) {
      byte[] page = "{\"tags\":[\"a\"]}".getBytes(StandardCharsets.UTF_8);
      registry.at(
          "/tags/list",
          exchange -> {
            exchange.getResponseHeaders().set("Link", bent(examples).replace('\u0000', ' '));
            MemoryRegistry.answer(exchange, 200, page);
          });
      Repository app = client.repository(registry.host(), "app", null, new TrafficCount());
      for (int i = 0; i < TIMES / 10; i++) {
        assertThat(app.tags()).containsExactly("a");
        assertThat(registry.heads).hasSize(2);
        assertThat(registry.heads.getFirst()).startsWith("/v2/app/tags/list?n=1000 ");
        assertThat(registry.heads.getLast()).startsWith("/v2/app/tags/list?n=1000&last=a ");
        registry.heads.clear();
        registry.requests.clear();
        registry.authorizations.clear();
      }
    }
    assertThat(hosts).containsExactly("127.0.0.1");
  }

  @Test
  void manifestsAreReadOrRefused() {
    byte[] example = TestImage.oci(2, 10).manifest();
    for (int i = 0; i < TIMES; i++) {
      byte[] text = bent(example);
      try {
        ManifestDocument read = ManifestDocument.read("a", MediaTypes.OCI_MANIFEST, text);
        ImageLimits.DEFAULT.check(read);
        assertThat(read.layers()).allMatch(layer -> layer.size() >= 0);
      } catch (ImageException e) {
        assertThat(e.part()).startsWith("image a");
      }
    }
  }

  @Test
  void tarHeadersAreReadOrRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    writer.file("usr/bin/" + "x".repeat(150), new byte[700]);
    writer.file("b", new byte[10]);
    writer.end();
    for (int i = 0; i < TIMES; i++) {
      byte[] tar = out.toByteArray();
      for (int j = random.nextInt(8); j >= 0; j--) {
        tar[random.nextInt(1100)] = (byte) (random.nextBoolean() ? '7' : random.nextInt());
      }
      TarReader reader = new TarReader(new ByteArrayInputStream(tar));
      try {
        int entries = 0;
        for (TarReader.Entry e = reader.next(); e != null; e = reader.next()) {
          entries++;
          if (e.isFile()) {
            assertThat(reader.content(1 << 20)).hasSizeLessThanOrEqualTo(1 << 20);
          }
        }
        assertThat(entries).isLessThan(100);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotNull();
      }
    }
  }
}
