package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.crypto.NativeCrypto;
import io.contractbuilder.image.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A blob's bytes; reading past their end checks size and digest. */
final class CheckedBlob extends FilterInputStream {
  private final Descriptor blob;
  private final String image;
  private final MessageDigest hash = NativeCrypto.sha256();
  private long count;
  private boolean checked;

  CheckedBlob(InputStream in, Descriptor blob, String image) {
    super(in);
    this.blob = blob;
    this.image = image;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int read = in.read(into, from, length);
    if (read > 0) {
      hash.update(into, from, read);
      count += read;
    } else if (read < 0 && !checked) {
      checked = true;
      if (count != blob.size() || !Digest.of(hash).equals(blob.digest())) {
        throw new RegistryException(
            "image " + image,
            "reading the blob " + blob.digest(),
            "the bytes that came are not those of the digest",
            "The image's registry or file is broken or hostile");
      }
    }
    return read;
  }

  /** Skipped bytes count for the digest, too. */
  @Override
  public long skip(long n) throws IOException {
    byte[] buffer = new byte[Math.clamp(n, 0, 64 << 10)];
    return Math.max(0, read(buffer, 0, buffer.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
