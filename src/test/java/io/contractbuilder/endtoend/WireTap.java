package io.contractbuilder.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the program and one of its parts, passes on every byte, and tells of each request
 * that changes something: before the part has it, and when the part has answered and the program
 * has not heard it. Knows a request by its beginning: what the program says after the part spoke.
 */
final class WireTap implements AutoCloseable {
  /** Is asked whether the bytes go on; if not, the connection ends. */
  interface Witness {
    boolean before(Request request);

    boolean after(Request request);
  }

  /** One of many that may have the same name. */
  static final class Request {
    private final String name;

    Request(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Pattern CHANGES = Pattern.compile("(PUT|POST|PATCH|DELETE) (\\S+) HTTP");
  private static final List<String> READS =
      List.of("GET", "EXISTS", "LRANGE", "HGET", "SMEMBERS", "PING", "INFO", "AUTH", "CLIENT");

  private final String part;
  private final InetSocketAddress target;
  private final Witness witness;
  private final ServerSocket server;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  /**
   * @param part its name in requests
   * @param target host and port
   */
  WireTap(String part, String target, Witness witness) throws IOException {
    this.part = part;
    this.witness = witness;
    int colon = target.lastIndexOf(':');
    this.target =
        new InetSocketAddress(
            target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("wire to " + part).start(this::accept);
  }

  String authority() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket onward = new Socket();
        open.addAll(List.of(client, onward));
        onward.connect(target);
        onward.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        new Conversation(client, onward).start();
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  /** The request that begins so, if it changes anything. */
  static @Nullable String changing(byte[] beginning) {
    String text = new String(beginning, StandardCharsets.ISO_8859_1);
    Matcher http = CHANGES.matcher(text);
    if (http.lookingAt()) {
      return http.group(1) + " " + http.group(2).replaceFirst("\\?.*", "");
    }
    return text.startsWith("*") ? command(text.split("\r\n", -1)) : null;
  }

  /** A command is its number of words, then each with its length before. */
  private static @Nullable String command(String[] lines) {
    String name = lines.length > 2 ? lines[2] : "";
    if (name.isEmpty() || READS.contains(name)) {
      return null;
    }
    // A script's keys follow it and their number.
    int key = name.equals("EVAL") ? 8 : 4;
    String of = lines.length > key ? lines[key] : "";
    // Having the lock changes nothing that a next job would find.
    return of.startsWith("contract-builder:lock:") ? null : name + " " + of;
  }

  private final class Conversation {
    private final Socket client;
    private final Socket onward;

    /** The request that was sent and not answered. */
    private volatile @Nullable Request asked;

    private volatile boolean answered = true;

    Conversation(Socket client, Socket onward) {
      this.client = client;
      this.onward = onward;
    }

    void start() {
      Thread.ofPlatform().daemon().start(() -> copy(client, onward, this::toThePart));
      Thread.ofPlatform().daemon().start(() -> copy(onward, client, this::toTheProgram));
    }

    private boolean toThePart(byte[] bytes) {
      if (!answered) {
        return true;
      }
      answered = false;
      String name = changing(bytes);
      Request request = name == null ? null : new Request(part + ": " + name);
      asked = request;
      return request == null || witness.before(request);
    }

    private boolean toTheProgram(byte[] bytes) {
      if (new String(bytes, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 100")) {
        return true;
      }
      Request request = asked;
      asked = null;
      answered = true;
      return request == null || witness.after(request);
    }
  }

  private interface Look {
    boolean goesOn(byte[] bytes);
  }

  private static void copy(Socket from, Socket to, Look look) {
    var buffer = new byte[1 << 16];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer);
          n >= 0 && look.goesOn(Arrays.copyOf(buffer, n));
          n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One of the two is gone, and so is the other now.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
