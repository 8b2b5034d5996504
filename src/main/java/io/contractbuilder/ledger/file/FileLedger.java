package io.contractbuilder.ledger.file;

import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.ledger.Ledger;
import io.contractbuilder.ledger.LedgerException;
import io.contractbuilder.ledger.LedgerTransaction;
import io.contractbuilder.ledger.LedgerView;
import io.contractbuilder.ledger.TransactionDocument;
import io.contractbuilder.storage.WholeFile;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** One JSON line per transaction, in the form in which a chain would take it. */
public final class FileLedger implements Ledger {
  /** POSIX locks do not keep the threads of one process apart. */
  private static final Object ONE_OF_US = new Object();

  private final Path file;
  private final String chain;

  /**
   * @param file is made, with its folder, when something is first appended
   * @param chain the public chain id; may be empty
   */
  public FileLedger(Path file, String chain) {
    this.file = file.toAbsolutePath();
    this.chain = chain;
  }

  @Override
  public boolean append(LedgerTransaction transaction) {
    byte[] line =
        (Json.text(TransactionDocument.toJson(transaction, chain)) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    synchronized (ONE_OF_US) {
      try {
        return append(transaction.id(), line);
      } catch (IOException e) {
        throw new LedgerException(
            file.toString(),
            "append transaction " + transaction.id(),
            e.getClass().getSimpleName(),
            "Check that the disk has room and that this program's user may write there",
            true,
            e);
      }
    }
  }

  @Override
  public LedgerView view() {
    Set<String> ids = transactions();
    return (transaction, _, _) -> !ids.contains(transaction);
  }

  private Set<String> transactions() {
    var ids = new HashSet<String>();
    if (!Files.exists(file)) {
      return ids;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String id = idIfWhole(line);
        if (!id.isEmpty()) {
          ids.add(id);
        }
      }
    } catch (IOException e) {
      throw new LedgerException(
          file.toString(),
          "read the transactions",
          e.getClass().getSimpleName(),
          "Let this program's user read it",
          true,
          e);
    }
    return ids;
  }

  /** The last line may have been cut off. */
  private static String idIfWhole(String line) {
    try {
      return idOf(line);
    } catch (MalformedJson e) {
      return "";
    }
  }

  private boolean append(String id, byte[] line) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file's name");
    }
    Files.createDirectories(folder);
    boolean isNew = !Files.exists(file);
    try (var channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      byte[] before = readAll(channel);
      int whole = afterLastNewline(before);
      if (holds(before, whole, id)) {
        return false;
      }
      // What stands after the last newline is a line that was cut off.
      channel.truncate(whole);
      channel.position(whole);
      var buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (isNew) {
      WholeFile.flush(folder);
    }
    return true;
  }

  private static byte[] readAll(FileChannel channel) throws IOException {
    channel.position(0);
    var bytes = new ByteArrayOutputStream();
    // Closing the stream would close the channel and give up the lock.
    Channels.newInputStream(channel).transferTo(bytes);
    return bytes.toByteArray();
  }

  private static int afterLastNewline(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static boolean holds(byte[] bytes, int whole, String id) throws IOException {
    String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      // A look at the text first: reading every line as JSON is slow in a long ledger.
      if (line.contains(id) && idOf(line).equals(id)) {
        return true;
      }
    }
    return false;
  }

  private static String idOf(String line) throws MalformedJson {
    return Json.read(line.getBytes(StandardCharsets.UTF_8)).path("header").path("txn_id").asText();
  }
}
