package io.contractbuilder.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that keeps to no rule of HTTP: what it sends after a request's head is the test's. */
final class RawServer extends SocketServer {
  /** The heads of all requests. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  private final Answer answer;

  /** What is sent. */
  interface Answer {
    void to(OutputStream out, Socket socket) throws IOException;
  }

  RawServer(Answer answer) throws IOException {
    this.answer = answer;
    start();
  }

  /** This text, and the connection's end. */
  static Answer text(String text) {
    return (out, socket) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** This text, and then the other for as long as anybody listens. */
  static Answer endless(String beginning, String more) {
    byte[] again = more.repeat(Math.max(1, 8192 / more.length())).getBytes(StandardCharsets.UTF_8);
    return (out, socket) -> {
      out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      while (true) {
        out.write(again);
      }
    };
  }

  @Override
  void serve(Socket socket, InputStream in) throws IOException {
    String head = head(in);
    if (!head.isEmpty()) {
      heads.add(head);
      answer.to(socket.getOutputStream(), socket);
    }
  }
}
