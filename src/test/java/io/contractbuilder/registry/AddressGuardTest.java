package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private static AddressGuard guard(AllowedAddresses allowed) {
    return new AddressGuard(allowed, InetAddress::getAllByName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::7f00:1",
        "2130706433"
      })
  void internalAddressIsRefusedWhateverItsForm(String literal) {
    assertThatThrownBy(() -> guard(AllowedAddresses.PUBLIC).resolve(literal, 443))
        .isInstanceOf(UnknownHostException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
  void publicAddressIsTaken(String literal) throws UnknownHostException {
    assertThat(guard(AllowedAddresses.PUBLIC).resolve(literal, 443)).hasSize(1);
  }

  @Test
  void nameWithOneForbiddenAddressAmongOthersIsRefused() {
    AddressGuard guard =
        new AddressGuard(
            AllowedAddresses.PUBLIC,
            host ->
                new InetAddress[] {
                  InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")
                });

    assertThatThrownBy(() -> guard.resolve("two.example", 443)).hasMessageContaining("10.0.0.1");
  }

  @Test
  void allowedHostsAndNetworksAreTaken() throws UnknownHostException {
    AddressGuard guard =
        guard(AllowedAddresses.parse(List.of("10.0.0.0/9", "127.0.0.1:5000", "[::1]:5000")));

    assertThat(guard.resolve("10.1.2.3", 1)).hasSize(1);
    assertThat(guard.resolve("127.0.0.1", 5000)).hasSize(1);
    assertThatThrownBy(() -> guard.resolve("10.128.0.1", 1)).hasMessageContaining("not allowed");
    assertThatThrownBy(() -> guard.resolve("127.0.0.1", 5001)).hasMessageContaining("not allowed");
  }
}
