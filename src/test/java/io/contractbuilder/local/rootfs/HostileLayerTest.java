package io.contractbuilder.local.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that say to be more than they are, or hold more than they say, or are none. */
@Timeout(60)
class HostileLayerTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private void read(InputStream layer) throws IOException, UnpackException {
    StoredLayer.read(
        Files.createTempDirectory(folder, "layer"),
        layer,
        new Ownership(false),
        new Budget(10 * MEBIBYTE, 1000));
  }

  private void isRefused(InputStream layer, String why) {
    assertThatThrownBy(() -> read(layer))
        .isInstanceOf(UnpackException.class)
        .hasMessageContaining(why);
  }

  /** A header that says {@code size}; its checksum is right. */
  private static byte[] header(String name, byte type, long size) {
    var header = new byte[512];
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, header, 0, Math.min(text.length, 100));
    TarUtils.formatLongOctalBytes(0644, header, 100, 8);
    TarUtils.formatLongOctalOrBinaryBytes(size, header, 124, 12);
    TarUtils.formatLongOctalBytes(0, header, 136, 12);
    header[156] = type;
    System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 8);
    Arrays.fill(header, 148, 156, (byte) ' ');
    TarUtils.formatCheckSumOctalBytes(TarUtils.computeCheckSum(header), header, 148, 8);
    return header;
  }

  /** So many bytes that nobody holds. */
  private static InputStream letters(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? 'x' : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) {
        if (left <= 0) {
          return -1;
        }
        int some = (int) Math.min(length, left);
        Arrays.fill(into, from, from + some, (byte) 'x');
        left -= some;
        return some;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(chars = {'L', 'K', 'x', 'g'})
  void headersOfManyGibibytesAreNotTakenIntoMemory(char type) {
    isRefused(
        new SequenceInputStream(
            new ByteArrayInputStream(header("long", (byte) type, 8L << 30)),
            new SequenceInputStream(
                new ByteArrayInputStream("2000000000 path=".getBytes(StandardCharsets.UTF_8)),
                letters(8L << 30))),
        "more than 1048576 bytes of headers");
  }

  @Test
  void aFileOfManyGibibytesIsRefusedBeforeItIsWritten() throws IOException {
    isRefused(
        new SequenceInputStream(
            new ByteArrayInputStream(header("big", TarConstants.LF_NORMAL, 8L << 30)),
            letters(8L << 30)),
        "big: the image is larger than is allowed");
    assertThat(stored()).isLessThan(MEBIBYTE);
  }

  @Test
  void aBombIsNotDecompressedToItsEnd() throws IOException {
    // 64 MiB in 64 KiB, in files that are each within what is allowed.
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 64; i++) {
        gzip.write(header("f" + i, TarConstants.LF_NORMAL, MEBIBYTE));
        gzip.write(new byte[1 << 20]);
      }
    }
    assertThat(bytes.size()).isLessThan(100_000);
    isRefused(new ByteArrayInputStream(bytes.toByteArray()), "the image is larger than is allowed");
    assertThat(stored()).isLessThan(11 * MEBIBYTE);
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_FIFO})
  void entriesThatAreLeftOutCountAsWell(byte type) {
    var many = new ByteArrayOutputStream();
    for (int i = 0; i < 1001; i++) {
      many.writeBytes(header("d", type, 0));
    }
    isRefused(new ByteArrayInputStream(many.toByteArray()), "more entries than are allowed");
  }

  @Test
  void whatAnEntryThatIsLeftOutHoldsCountsAsWell() {
    isRefused(
        new SequenceInputStream(
            new ByteArrayInputStream(header("d", TarConstants.LF_CHR, 8L << 30)),
            letters(8L << 30)),
        "larger than is allowed");
  }

  @Test
  void aLayerThatDoesNotDecompressIsRefused() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(header("f", TarConstants.LF_NORMAL, 3000));
      for (int i = 0; i < 3000; i++) {
        gzip.write(i * 31 % 251);
      }
      gzip.write(new byte[1024]);
    }
    byte[] whole = bytes.toByteArray();
    byte[] bent = whole.clone();
    bent[whole.length / 2] ^= 0x55;
    isRefused(new ByteArrayInputStream(whole, 0, 3), "no proper tar, plain or by gzip");
    isRefused(new ByteArrayInputStream(whole, 0, whole.length / 2), "no proper tar");
    isRefused(new ByteArrayInputStream(bent), "no proper tar");
  }

  @Test
  void whatIsNoTarIsRefused() {
    isRefused(letters(5000), "no proper tar");
    isRefused(
        new ByteArrayInputStream(header("cut", TarConstants.LF_NORMAL, 3000)), "no proper tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999x", "-0000000001 "})
  void sizesThatAreNoneAreRefused(String size) {
    byte[] header = header("f", TarConstants.LF_NORMAL, 0);
    System.arraycopy(size.getBytes(StandardCharsets.US_ASCII), 0, header, 124, 12);
    isRefused(new ByteArrayInputStream(header), "no proper tar");
  }

  @Test
  void aSparseFileIsRefused() {
    isRefused(
        new ByteArrayInputStream(header("s", TarConstants.LF_GNUTYPE_SPARSE, 0)), "not supported");
  }

  private long stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  @Test
  void anHonestLayerWithLongNamesIsRead() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < 100; i++) {
        var entry = new TarArchiveEntry("x".repeat(200) + "/" + i);
        entry.setSize(10_000);
        tar.putArchiveEntry(entry);
        tar.write(new byte[10_000]);
        tar.closeArchiveEntry();
      }
    }
    read(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(stored()).isGreaterThan(100 * 10_000L);
  }
}
