package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainIdTest {
  /**
   * Private key, and its compressed public key in hexadecimal (published multiples of secp256k1's
   * generator).
   */
  @ParameterizedTest
  @CsvSource({
    "1,0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    "2,02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
    "3,02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140,"
        + "0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
  })
  void isTheCompressedPublicKeyInBase58(String number, String publicKey) {
    byte[] key = HexFormat.of().parseHex("0".repeat(64 - number.length()) + number);
    var secret = new Secret(Base64.getEncoder().encodeToString(key));
    assertThat(ChainId.of(secret))
        .isEqualTo(ChainId.base58(HexFormat.of().parseHex(publicKey)))
        .hasSizeBetween(44, 45);
  }

  @Test
  void agreesWithBouncyCastleOnRandomKeys() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var curve = CustomNamedCurves.getByName("secp256k1");
    for (int i = 0; i < 200; i++) {
      var key = new BigInteger(1 + random.nextInt(255), random).add(BigInteger.ONE);
      assertThat(Secp256k1.publicKey(key))
          .as("key %s of seed %d", key, seed)
          .isEqualTo(curve.getG().multiply(key).getEncoded(true));
    }
  }

  /** From the draft that describes Base58 (draft-msporny-base58). */
  @ParameterizedTest
  @CsvSource({
    "Hello World!,2NEpo7TZRRrLZSi2U",
    "The quick brown fox jumps over the lazy dog.,"
        + "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"
  })
  void writesBase58(String text, String encoded) {
    assertThat(ChainId.base58(text.getBytes(US_ASCII))).isEqualTo(encoded);
  }

  @Test
  void writesZerosInFront() {
    assertThat(ChainId.base58(HexFormat.of().parseHex("0000287fb4cd"))).isEqualTo("11233QC4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no base64!",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "//////////////////////////////////////////8="
      })
  void refusesWhatIsNoKeyWithoutSayingIt(String key) {
    assertThatThrownBy(() -> ChainId.of(new Secret(key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .startsWith("is not");
  }
}
