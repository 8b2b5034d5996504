package io.contractbuilder.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PEM files (RFC 7468): certificates, and private keys as PKCS#8 (RFC 5958) or as OpenSSL wrote RSA
 * (RFC 8017, A.1.2) and EC (RFC 5915) before it, which is what PKCS#8 wraps.
 */
final class Pem {
  private static final int MAX_FILE = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** The DER of RSA's and EC's object identifiers, and of NULL. */
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d010101" + "0500");

  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private Pem() {}

  private record Block(String name, byte[] der) {}

  private static List<Block> blocks(Path file) throws IOException, GeneralSecurityException {
    if (Files.size(file) > MAX_FILE) {
      throw new GeneralSecurityException("it is too large");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      blocks.add(new Block(block.group(1), Base64.getMimeDecoder().decode(block.group(2))));
    }
    return blocks;
  }

  /**
   * Reads all certificates.
   *
   * @throws GeneralSecurityException if there is none, or one is malformed
   */
  static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> all = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.name().equals("CERTIFICATE")) {
        all.add(factory.generateCertificate(new ByteArrayInputStream(block.der())));
      }
    }
    if (all.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in it");
    }
    return all;
  }

  /**
   * Reads the first key.
   *
   * @throws GeneralSecurityException if there is none, or it is encrypted or of another kind
   */
  static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    byte @Nullable [] curve = null;
    for (Block block : blocks(file)) {
      byte[] der = block.der();
      switch (block.name()) {
        case "PRIVATE KEY" -> {
          return key(der);
        }
        case "RSA PRIVATE KEY" -> {
          return key(pkcs8(RSA, der));
        }
        case "EC PARAMETERS" -> curve = der;
        case "EC PRIVATE KEY" -> {
          byte[] named = curve == null ? curveWithin(der) : curve;
          return key(pkcs8(joined(EC, named), der));
        }
        default -> {}
      }
    }
    throw new GeneralSecurityException("there is no unencrypted private key in it");
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    GeneralSecurityException none =
        new GeneralSecurityException("its key is no RSA, EC or Ed25519 key");
    for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        none.addSuppressed(e);
      }
    }
    throw none;
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, joined(VERSION_0, der(SEQUENCE, algorithm), der(OCTETS, key)));
  }

  /** The curve's name, in the field [0] of an EC key; without it, no key can be made. */
  private static byte[] curveWithin(byte[] key) throws GeneralSecurityException {
    for (int at = 0; at + 4 < key.length; at++) {
      int length = key[at + 1] & 0xff;
      boolean field = (key[at] & 0xff) == 0xa0 && key[at + 2] == 6;
      if (field && length == (key[at + 3] & 0xff) + 2 && at + 2 + length <= key.length) {
        return java.util.Arrays.copyOfRange(key, at + 2, at + 2 + length);
      }
    }
    throw new GeneralSecurityException("its EC key does not say its curve");
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
    out.write(tag);
    if (content.length < 128) {
      out.write(content.length);
    } else if (content.length < 256) {
      out.writeBytes(new byte[] {(byte) 0x81, (byte) content.length});
    } else {
      out.writeBytes(new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length});
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
