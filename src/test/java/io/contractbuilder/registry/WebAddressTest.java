package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebAddressTest {
  @Test
  void redirectOutOfTlsIsRefused() {
    URI tls = URI.create("https://a.example/v2/x");
    URI plain = URI.create("http://a.example/v2/x");

    assertThat(BlobStream.leavesTls(tls, plain)).isTrue();
    assertThat(BlobStream.leavesTls(URI.create("HTTPS://a.example/"), plain)).isTrue();
    assertThat(BlobStream.leavesTls(tls, tls)).isFalse();
    assertThat(BlobStream.leavesTls(plain, tls)).isFalse();
    assertThat(BlobStream.leavesTls(plain, plain)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://A.example/x,https://a.example:443",
    "HTTP://a.example/x,http://a.example:80",
    "https://a.example:5000/,https://a.example:5000",
    "http://[::1]:5000/x,http://[::1]:5000"
  })
  void originHasItsPortAndOneSpelling(String address, String origin) {
    assertThat(WebAddress.origin(URI.create(address))).isEqualTo(origin);
  }

  @ParameterizedTest
  @CsvSource({
    "a.example,a.example",
    "A.example:5000,a.example",
    "[::1]:5000,::1",
    "[::1],::1",
    "127.0.0.1:5000,127.0.0.1"
  })
  void nameOfAHostIsWithoutPortAndBrackets(String host, String name) {
    assertThat(WebAddress.nameOf(host)).isEqualTo(name);
  }
}
