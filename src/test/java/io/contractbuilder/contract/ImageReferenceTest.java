package io.contractbuilder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.contractbuilder.contract.ImageReference.InArchive;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar and the short names are those of {@code distribution/reference}. */
class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String DIGEST = "sha256:" + HEX;

  @ParameterizedTest
  @CsvSource({
    "ubuntu, docker.io/library/ubuntu:latest",
    "ubuntu:24.04, docker.io/library/ubuntu:24.04",
    "acme/currency, docker.io/acme/currency:latest",
    "docker.io/ubuntu, docker.io/library/ubuntu:latest",
    "index.docker.io/ubuntu:1, docker.io/library/ubuntu:1",
    "docker.io/acme/currency:1.4.0, docker.io/acme/currency:1.4.0",
    "test.com:5000, docker.io/library/test.com:5000",
    "foo/foo_bar.com:8080, docker.io/foo/foo_bar.com:8080",
    "localhost/repo, localhost/repo:latest",
    "localhost:5000/repo, localhost:5000/repo:latest",
    "test:5000/repo:tag, test:5000/repo:tag",
    "192.168.1.1:5000/repo:5050, 192.168.1.1:5000/repo:5050",
    "sub-dom1.foo.com/bar/baz/quux:some-long-tag, sub-dom1.foo.com/bar/baz/quux:some-long-tag",
    "b.gcr.io/test.example.com/my-app:test.example.com,"
        + " b.gcr.io/test.example.com/my-app:test.example.com",
    "xn--n3h.com/myimage:xn--n3h.com, xn--n3h.com/myimage:xn--n3h.com",
    "Registry.Example.COM/repo, registry.example.com/repo:latest",
    "Docker.io/ubuntu, docker.io/library/ubuntu:latest",
    "example.com/a__b/c---d/e.f, example.com/a__b/c---d/e.f:latest",
    "example.com:65535/repo, example.com:65535/repo:latest",
    "[2001:db8::1]:5000/repo:tag, [2001:db8::1]:5000/repo:tag",
    "[2001:db8:1:2:3:4:5:6]/repo, [2001:db8:1:2:3:4:5:6]/repo:latest",
    "[::1]:5000/repo, [::1]:5000/repo:latest",
    "[::]/repo, [::]/repo:latest",
    "[1:2:3:4:5:6:7::]/repo, [1:2:3:4:5:6:7::]/repo:latest",
    "[1:2:3:4:5:6:7:8]/repo, [1:2:3:4:5:6:7:8]/repo:latest",
    "repo:TAG_1.0-x, docker.io/library/repo:TAG_1.0-x"
  })
  void namesAreCompletedAsDockerDoes(String text, String complete) {
    assertThat(ImageReference.parse(text)).hasToString(complete);
    assertThat(ImageReference.parse(complete)).isEqualTo(ImageReference.parse(text));
    assertThat(ImageReference.parse(text).written()).isEqualTo(text);
  }

  @Test
  void aDigestIsKeptWithAndWithoutATag() {
    assertThat(ImageReference.parse("repo@" + DIGEST))
        .isEqualTo(new InRegistry("docker.io", "library/repo", null, new Digest(DIGEST)));
    assertThat(ImageReference.parse("[::1]:5000/repo:tag@" + DIGEST))
        .isEqualTo(new InRegistry("[::1]:5000", "repo", "tag", new Digest(DIGEST)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        ":",
        "@",
        ":justtag",
        "@" + "sha256:00",
        "Uppercase:tag",
        "Uppercase/lowercase",
        "LOCALHOST/repo",
        "repo:",
        "repo@",
        "repo@sha256:ffff",
        "repo@sha512:ffff",
        "test:5000/Uppercase/lowercase:tag",
        "aa/asdf$$^/aa",
        "example.com/",
        "example.com//repo",
        "/repo",
        "repo/",
        "a/b/",
        "docker.io/",
        "-repo",
        "repo-",
        "re..po",
        "re___po",
        "repo:.tag",
        "repo:-tag",
        "repo:a b",
        "repo\n",
        "repo:tag\n",
        " repo",
        "https://example.com/repo",
        "user:password@example.com/repo",
        "example.com:0/repo",
        "example.com:65536/repo",
        "example.com:99999/repo",
        "example.com:123456/repo",
        "example.com:/repo",
        "example.com:x/repo",
        "-example.com/repo",
        "example.com-/repo",
        "example..com/repo",
        ".example.com/repo",
        "[2001:db8::1]",
        "[2001:db8::1]:5000",
        "[]/repo",
        "[:]/repo",
        "[::1/repo",
        "[1:2]/repo",
        "[:::1]/repo",
        "[1::2::3]/repo",
        "[12345::]/repo",
        "[1:2:3:4:5:6:7::8]/repo",
        "[1:2:3:4:5:6:7:8:9]/repo",
        "[1:2:3:4:5:6:7:]/repo",
        "[::1]x/repo",
        "[fe80::1%eth0]:5000/repo",
        "[::ffff:1.2.3.4]/repo",
        "[...]/repo",
        "example.com/repo/../../etc",
        "example.com/./repo",
        "example.com/repo?x=1",
        "example.com/repo#x",
        "example.com\\repo",
        "ex\u0000ample.com/repo",
        "exämple.com/repo",
        "repo\u212a",
        "٣/repo",
        "oci:",
        "oci::tag",
        "oci:dir:",
        "oci:dir:a b",
        "oci:dir@",
        "oci:dir@sha256:00",
        "oci:di\u0000r",
        "docker-archive:",
        "docker-archive::tag",
        "docker-archive:file:",
        "docker-archive:fi\u0000le"
      })
  void whatIsNoReferenceIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageReference.parse(text))
        .withMessageContaining("registry[:port]");
  }

  @Test
  void anImagesIdIsNoName() {
    assertThatIllegalArgumentException().isThrownBy(() -> ImageReference.parse(HEX));
    assertThat(ImageReference.parse("example.com/" + HEX).tag()).isEqualTo("latest");
  }

  @Test
  void lengthsAreLimited() {
    assertThat(ImageReference.parse("example.com/" + "a".repeat(255)).tag()).isEqualTo("latest");
    assertThat(ImageReference.parse("repo:" + "t".repeat(128)).tag()).hasSize(128);
    for (String tooLong :
        new String[] {
          "example.com/" + "a".repeat(256),
          "repo:" + "t".repeat(129),
          "a".repeat(260) + ".com/repo",
          // Long enough to exhaust the stack of a pattern that recurses.
          "a.".repeat(400_000) + "com/repo",
          "a/".repeat(400_000) + "a",
          "example.com/" + "a_".repeat(400_000) + "a",
          "example.com/" + "-".repeat(800_000),
          "[" + ":".repeat(800_000) + "]/repo",
          "repo:" + "9".repeat(800_000),
          "example.com:" + "9".repeat(800_000) + "/repo"
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> ImageReference.parse(tooLong));
    }
  }

  @Test
  void layoutsAreFoldersWithATagOrADigest() {
    var digest = new Digest(DIGEST);
    assertThat(ImageReference.parse("oci:dir")).isEqualTo(new InLayout(Path.of("dir"), null, null));
    assertThat(ImageReference.parse("oci:/a:b/dir:1.0"))
        .isEqualTo(new InLayout(Path.of("/a:b/dir"), "1.0", null));
    assertThat(ImageReference.parse("oci:/a@b/dir:1.0"))
        .isEqualTo(new InLayout(Path.of("/a@b/dir"), "1.0", null));
    assertThat(ImageReference.parse("oci:/a@b/dir@" + DIGEST))
        .isEqualTo(new InLayout(Path.of("/a@b/dir"), null, digest));
    assertThat(ImageReference.parse("oci:dir:1.0@" + DIGEST))
        .isEqualTo(new InLayout(Path.of("dir"), "1.0", digest))
        .hasToString("oci:dir:1.0@" + DIGEST);
  }

  @Test
  void anArchivesTagIsAWholeReference() {
    assertThat(ImageReference.parse("docker-archive:a/b.tar"))
        .isEqualTo(new InArchive(Path.of("a/b.tar"), null));
    assertThat(ImageReference.parse("docker-archive:a/b.tar:acme/x:1"))
        .isEqualTo(new InArchive(Path.of("a/b.tar"), "acme/x:1"));
  }

  @Test
  void randomTextIsAReferenceOrRefusedAndARegistrysReadsBackAsItself() {
    var random = new Random(20261121);
    String alphabet = "aA0.-_:/@[]%?# \n\u0000é\ud800" + "abcdef";
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder(random.nextInt(8) == 0 ? "oci:" : "");
      int length = random.nextInt(14);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      text.append(random.nextInt(6) == 0 ? "@" + DIGEST : "");
      ImageReference reference;
      try {
        reference = ImageReference.parse(text.toString());
      } catch (IllegalArgumentException e) {
        continue;
      }
      taken++;
      // A folder's name can end like a tag (oci:a:b/), so only a registry's is sure to read back.
      if (reference instanceof InRegistry) {
        assertThat(ImageReference.parse(reference.toString())).as("%s", text).isEqualTo(reference);
      }
    }
    assertThat(taken).isGreaterThan(1_000);
  }
}
