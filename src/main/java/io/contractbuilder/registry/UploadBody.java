package io.contractbuilder.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/** An upload's body: exactly as many bytes as declared, straight from a stream. */
final class UploadBody extends AbstractHttpEntity {
  private final InputStream content;
  private final long length;
  private final Sent sent;
  private @Nullable Deadline deadline;
  private Duration patience = Duration.ZERO;
  private volatile boolean sourceFailed;

  /** Is told how many bytes are gone. */
  interface Sent {
    void sent(long bytes);
  }

  UploadBody(InputStream content, long length, Sent sent) {
    super((String) null, null);
    this.content = content;
    this.length = length;
    this.sent = sent;
  }

  /** What each piece that is gone puts off, by {@code more}. */
  void puttingOff(Deadline one, Duration more) {
    this.deadline = one;
    this.patience = more;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long done = 0;
    while (done < length) {
      int count = read(buffer, (int) Math.min(buffer.length, length - done));
      if (count < 0) {
        throw new EOFException("the source ended after " + done + " of " + length + " bytes");
      }
      out.write(buffer, 0, count);
      done += count;
      if (deadline != null) {
        deadline.extend(patience);
      }
      sent.sent(done);
    }
  }

  private int read(byte[] buffer, int most) throws IOException {
    sourceFailed = true;
    int count = content.read(buffer, 0, most);
    sourceFailed = false;
    return count;
  }

  /** Whether reading failed, and not sending. */
  boolean sourceFailed() {
    return sourceFailed;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public InputStream getContent() {
    return content;
  }

  @Override
  public boolean isStreaming() {
    return true;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
