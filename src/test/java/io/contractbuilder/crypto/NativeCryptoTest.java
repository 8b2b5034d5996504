package io.contractbuilder.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class NativeCryptoTest {
  @Test
  void digestsAreBoringSslsAndRight() {
    MessageDigest digest = NativeCrypto.sha256();

    assertThat(digest.getProvider().getName()).isEqualTo("Conscrypt");
    // FIPS 180-4's example, from NIST's page of test vectors.
    assertThat(HexFormat.of().formatHex(digest.digest("abc".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  /** What speaks TLS besides (S3, Redis, a gateway) is not to meet what was not made for it. */
  @Test
  void onlyCertificatesSignaturesAreTheProcesssBesidesTlsToRegistries() throws Exception {
    assertThat(NativeCrypto.tls().getProvider().getName()).isEqualTo("Conscrypt");

    assertThat(Security.getProvider("Conscrypt")).isNull();
    assertThat(SSLContext.getInstance("TLS").getProvider().getName()).isEqualTo("SunJSSE");
    assertThat(MessageDigest.getInstance("SHA-256").getProvider().getName()).isEqualTo("SUN");
    assertThat(KeyFactory.getInstance("XDH").getProvider().getName()).isEqualTo("SunEC");
    assertThat(Signature.getInstance("Ed25519").getProvider().getName()).isEqualTo("SunEC");
    assertThat(KeyFactory.getInstance("EC").getProvider().getName())
        .isEqualTo("ContractBuilderSignatures");
  }
}
