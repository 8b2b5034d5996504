package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.PartFailure;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no proper HTTP. */
@Timeout(60)
class HostileProtocolTest {
  private static final String MANIFEST = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = MANIFEST + "Transfer-Encoding: chunked\r\n\r\n";

  private static final String TOO_LONG =
      "a head of more than 100 lines, or a line of more than 8192 bytes";

  /** A copy from a server that answers so. */
  private static PartFailure failure(RawServer.Answer answer, RegistryAccess.Timeouts reading)
      throws IOException {
    try (var server = new RawServer(answer)) {
      String host = "raw.example:" + server.port();
      try (var copy = new HostileCopy(reading, HostileCopy.PATIENT, host)) {
        PartFailure failure = copy.failure(host + "/app:1");
        assertThat(failure.part()).isEqualTo("registry " + host);
        assertThat(server.heads)
            .isNotEmpty()
            .noneMatch(head -> head.toLowerCase(Locale.ROOT).contains("authorization"));
        assertThat(copy.to.deliveries()).isEmpty();
        return failure;
      }
    }
  }

  private static PartFailure failure(RawServer.Answer answer) throws IOException {
    return failure(answer, HostileCopy.PATIENT);
  }

  @Test
  void connectionThatIsResetHalfWayIsSaidToBreak() throws IOException {
    assertThat(
            failure(
                (out, socket) -> {
                  RawServer.text(MANIFEST + "Content-Length: 500\r\n\r\n{\"a\"").to(out, socket);
                  socket.setSoLinger(true, 0);
                }))
        .hasMessageContaining("the connection broke");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "220 mail.example ESMTP\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 7x\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 900\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
      })
  void whatIsNoProperAnswerIsTheRegistrysFault(String answer) throws IOException {
    assertThat(failure(RawServer.text(answer)).remedy()).isNotBlank();
  }

  @Test
  void endlessGreetingIsCutOff() throws IOException {
    assertThat(failure(RawServer.endless("", "x"))).hasMessageContaining(TOO_LONG);
  }

  @Test
  void endlessLinesBeforeAnAnswerAreCutOff() throws IOException {
    assertThat(failure(RawServer.endless("", "no HTTP\r\n"), HostileCopy.IMPATIENT))
        .hasMessageMatching(".*(the connection broke|timed out).*");
  }

  @Test
  void endlessInterimAnswersAreGivenUp() throws IOException {
    assertThat(failure(RawServer.endless("", "HTTP/1.1 100 Go on\r\n\r\n"), HostileCopy.IMPATIENT))
        .hasMessageContaining("timed out");
  }

  @Test
  void endlessHeadersAreCutOff() throws IOException {
    assertThat(failure(RawServer.endless(MANIFEST, "X-Flood: x\r\n")))
        .hasMessageContaining(TOO_LONG);
  }

  @Test
  void endlessFoldedHeaderIsCutOff() throws IOException {
    assertThat(failure(RawServer.endless(MANIFEST + "X-Long: a\r\n", " folded\r\n")))
        .hasMessageContaining(TOO_LONG);
  }

  @Test
  void endlessExtensionOfAChunkIsCutOff() throws IOException {
    assertThat(failure(RawServer.endless(CHUNKED + "2;", "x=y;"))).hasMessageContaining(TOO_LONG);
  }

  @Test
  void endlessTrailersAreCutOff() throws IOException {
    assertThat(failure(RawServer.endless(CHUNKED + "2\r\n{}\r\n0\r\n", "X-Trailer: x\r\n")))
        .hasMessageContaining(TOO_LONG);
  }

  @Test
  void chunksOfOneByteWithoutEndAreCutOff() throws IOException {
    assertThat(failure(RawServer.endless(CHUNKED, "1\r\n \r\n")))
        .hasMessageContaining("more than 4194304 bytes");
  }
}
