package io.contractbuilder.job;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A {@code bwrap} for the local platform that makes no container: it only shows the platform a
 * socket, behind which this class says that each function is well.
 */
final class Sandbox implements AutoCloseable {
  private final Path programs;
  private final ServerSocketChannel door;
  private final Thread answering;

  /**
   * @param folder for the program; a short path
   */
  Sandbox(Path folder) throws IOException {
    programs = Files.createDirectories(folder.resolve("bin"));
    Path socket = folder.resolve("f.sock");
    door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(socket));
    Path runtime = programs.resolve("bwrap");
    // It is started in the container's folder.
    Files.writeString(
        runtime, "#!/bin/sh\nln -s '" + socket + "' door/f.sock\nexec sleep infinity\n");
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
    answering = Thread.ofPlatform().name("sandbox").start(this::answer);
  }

  /** For {@code PARTS_BIN}. */
  Path programs() {
    return programs;
  }

  private void answer() {
    byte[] well =
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    while (door.isOpen()) {
      try (var call = door.accept()) {
        call.read(ByteBuffer.allocate(4096));
        call.write(ByteBuffer.wrap(well));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException _) {
        // Who called is gone.
      }
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    try {
      answering.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
