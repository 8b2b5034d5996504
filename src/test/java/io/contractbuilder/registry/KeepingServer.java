package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that keeps its connections, and answers each request with a text of the test's. */
final class KeepingServer extends SocketServer {
  /** Each request's head, and its body. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final Answer answer;

  /** What is said to a request; a connection ends after what is empty, or says so. */
  interface Answer {
    String to(String head) throws InterruptedException;
  }

  KeepingServer(Answer answer) throws IOException {
    this.answer = answer;
    start();
  }

  /** The same text to each. */
  static KeepingServer saying(String text) throws IOException {
    return new KeepingServer(head -> text);
  }

  @Override
  void serve(Socket socket, InputStream in) throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    for (String head = request(in); !head.isEmpty(); head = request(in)) {
      requests.add(head);
      String said = answer.to(head);
      out.write(said.getBytes(StandardCharsets.ISO_8859_1));
      if (said.isEmpty() || said.contains("Connection: close\r\n")) {
        return;
      }
    }
  }

  private static String request(InputStream in) throws IOException {
    String head = head(in);
    int at = head.indexOf("Content-Length: ");
    if (at < 0) {
      return head;
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
    return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }
}
