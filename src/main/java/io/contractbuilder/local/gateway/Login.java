package io.contractbuilder.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/** Basic authentication (RFC 7617) with the platform's one user. */
final class Login {
  private final byte[] expected;

  Login(String user, Secret password) {
    this.expected =
        Base64.getEncoder()
            .encode((user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
  }

  boolean allows(HttpExchange exchange) {
    List<String> given = exchange.getRequestHeaders().get("Authorization");
    if (given == null || given.size() != 1 || !given.getFirst().startsWith("Basic ")) {
      return false;
    }
    byte[] credentials = given.getFirst().substring(6).strip().getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(expected, credentials);
  }
}
