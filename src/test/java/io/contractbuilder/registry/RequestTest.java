package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a request goes, and how it says so. */
class RequestTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example/v2/, a.example, 443, a.example, /v2/",
    "HTTPS://a.example, a.example, 443, a.example, /",
    "http://a.example:5000/x?a=%2F&b, a.example, 5000, a.example:5000, /x?a=%2F&b",
    "http://a.example?a, a.example, 80, a.example, /?a",
    "http://a_b.example:81/x, a_b.example, 81, a_b.example:81, /x",
    "https://[2001:db8::1]/x, 2001:db8::1, 443, [2001:db8::1], /x",
    "https://[2001:db8::1]:5000/x, 2001:db8::1, 5000, [2001:db8::1]:5000, /x"
  })
  void addressIsTakenApart(String uri, String host, int port, String named, String target) {
    Request request = new Request("GET", URI.create(uri));

    assertThat(request.host()).isEqualTo(host);
    assertThat(request.port()).isEqualTo(port);
    assertThat(request.getFirstHeader("Host").getValue()).isEqualTo(named);
    assertThat(request.getRequestUri()).isEqualTo(target);
    assertThat(Route.direct(request).key())
        .isEqualTo((request.isTls() ? "https " : "http ") + host + " " + port);
  }

  @Test
  void proxyIsToldTheWholeAddressAndItsUser() {
    Request request = new Request("GET", URI.create("http://a.example:81/x?y"));
    request.to(
        new Proxies.Proxy(
            "proxy.test", 3128, new RegistryCredentials("joe", new Secret("canary"))));

    assertThat(request.getRequestUri()).isEqualTo("http://a.example:81/x?y");
    assertThat(request.getFirstHeader("Proxy-Authorization").getValue())
        .isEqualTo("Basic am9lOmNhbmFyeQ==");
  }

  @ParameterizedTest
  @CsvSource({"a.example, a.example:443", "2001:db8::1, [2001:db8::1]:443"})
  void tunnelIsToldTheHostWithItsPort(String told, String line) {
    Request request = new Request("GET", URI.create("https://a.example"));
    Route route = Route.by(new Proxies.Proxy("proxy.test", 3128, null), request, told);

    assertThat(route.tunnel()).isEqualTo(line);
    assertThat(route.host()).isEqualTo("a.example");
  }

  /** What docs/security.md promises; an upload's acknowledgement alone may take longer. */
  @Test
  void defaultsEndWithinThirtySeconds() {
    var defaults = RegistryAccess.Timeouts.DEFAULT;

    assertThat(List.of(defaults.connect(), defaults.idle(), defaults.answer()))
        .allSatisfy(time -> assertThat(time).isPositive().isLessThan(Duration.ofSeconds(30)));
    assertThat(defaults.stored()).isEqualTo(Duration.ofMinutes(2));
  }
}
