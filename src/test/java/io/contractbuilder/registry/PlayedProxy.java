package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on loopback: tunnels, and requests of whole addresses. Wherever it is asked to connect
 * to, it connects to one port of this machine, as names and addresses of tests are of nowhere.
 */
final class PlayedProxy extends SocketServer {
  /** Each request's first line and headers. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  private final int to;
  private final String wanted;
  private final int status;

  /**
   * @param to the port that it connects to
   * @param wanted the {@code Proxy-Authorization} without which it answers 407; empty: none
   * @param status what it answers to a tunnel; anything but 200 refuses
   */
  PlayedProxy(int to, String wanted, int status) throws IOException {
    this.to = to;
    this.wanted = wanted;
    this.status = status;
    start();
  }

  List<String> firstLines() {
    return heads.stream().map(head -> head.substring(0, head.indexOf("\r\n"))).toList();
  }

  @Override
  void serve(Socket socket, InputStream in) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (String head = head(in); !head.isEmpty(); head = head(in)) {
      heads.add(head);
      if (!wanted.isEmpty() && !head.contains("Proxy-Authorization: " + wanted + "\r\n")) {
        answer(out, "407 Authenticate\r\nProxy-Authenticate: Basic realm=\"proxy\"");
      } else if (!head.startsWith("CONNECT ")) {
        forward(head, out);
        return;
      } else if (status != 200) {
        answer(out, status + " No");
      } else {
        answer(out, "200 Connected");
        tunnel(in, out);
        return;
      }
    }
  }

  private static void answer(OutputStream out, String status) throws IOException {
    String length = status.startsWith("200") ? "" : "Content-Length: 0\r\n";
    out.write(("HTTP/1.1 " + status + "\r\n" + length + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** One request, without its body; the connection ends with the answer. */
  private void forward(String head, OutputStream out) throws IOException {
    URI uri = URI.create(head.split(" ", 3)[1]);
    String own =
        head.replace(uri.toString(), uri.getRawPath())
            .replaceFirst("(?i)(Proxy-)?Connection: [^\r]*\r\n", "")
            .replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), to)) {
      connections.add(target);
      target.getOutputStream().write(own.getBytes(StandardCharsets.ISO_8859_1));
      target.getInputStream().transferTo(out);
    }
  }

  private void tunnel(InputStream in, OutputStream out) throws IOException {
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), to)) {
      connections.add(target);
      InputStream back = target.getInputStream();
      threads.execute(() -> copy(back, out));
      in.transferTo(target.getOutputStream());
    }
  }

  private static void copy(InputStream in, OutputStream out) {
    try {
      in.transferTo(out);
    } catch (IOException e) {
      // Either side ended it.
    }
  }
}
