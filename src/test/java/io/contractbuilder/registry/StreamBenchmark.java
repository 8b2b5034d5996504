package io.contractbuilder.registry;

import io.contractbuilder.contract.Digest;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the bytes of a layer go through: {@code bench/inner}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StreamBenchmark {
  private static final int FILES = 1000;
  private final byte[] layer = new byte[1 << 20];
  private final Descriptor blob;
  private final byte[] archive;

  /** With a layer of 1 MiB and an archive of a thousand small files. */
  public StreamBenchmark() {
    new Random(1).nextBytes(layer);
    blob = new Descriptor(MediaTypes.OCI_LAYER, Digest.of(layer), layer.length);
    var out = new ByteArrayOutputStream();
    write(out);
    archive = out.toByteArray();
  }

  /** 1 MiB is read and checked against its digest. */
  @Benchmark
  public long checkedMebibyte() throws IOException {
    try (InputStream in = new CheckedBlob(new ByteArrayInputStream(layer), blob, "benchmark")) {
      return in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** A thousand tar headers are read. */
  @Benchmark
  public int thousandTarHeadersRead() throws IOException {
    var tar = new TarReader(new ByteArrayInputStream(archive));
    int count = 0;
    while (tar.next() != null) {
      count++;
    }
    return count;
  }

  /** A thousand tar headers are written. */
  @Benchmark
  public int thousandTarHeadersWritten() {
    var out = new ByteArrayOutputStream(archive.length);
    write(out);
    return out.size();
  }

  private static void write(OutputStream out) {
    var tar = new TarWriter(out);
    try {
      for (int i = 0; i < FILES; i++) {
        tar.file("folder/file" + i, new byte[] {1});
      }
      tar.end();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes what is written", e);
    }
  }
}
