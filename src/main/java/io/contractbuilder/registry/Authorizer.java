package io.contractbuilder.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers one registry's challenges for one identity: Basic, or Bearer with a token service
 * (distribution specification, "Token Authentication"). Tokens are kept per scope.
 */
final class Authorizer {
  private static final int TOKEN_BYTES = 64 << 10;
  private static final long DEFAULT_SECONDS = 60;
  private static final long MARGIN_SECONDS = 10;
  private final Connections connections;
  private final Predicate<String> plain;
  private final @Nullable RegistryCredentials credentials;
  private final Failures failures;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();
  private volatile boolean basic;

  private record Token(String value, long usableUntil) {}

  /**
   * @param plain which hosts, with their ports, may be a token service without TLS
   */
  Authorizer(
      Connections connections,
      Predicate<String> plain,
      @Nullable RegistryCredentials credentials,
      Failures failures) {
    this.connections = connections;
    this.plain = plain;
    this.credentials = credentials;
    this.failures = failures;
  }

  /** The {@code Authorization} that is known to be asked for; null: none is. */
  @Nullable String header(String scope) {
    if (basic && credentials != null) {
      return basic(credentials);
    }
    Token token = tokens.get(scope);
    return token == null || token.usableUntil() - System.nanoTime() < 0
        ? null
        : "Bearer " + token.value();
  }

  /**
   * Answers a 401.
   *
   * @return whether it is worth asking again
   * @throws RegistryException if the token service is not to be trusted, or refuses
   */
  boolean answer(List<String> headers, String scope, TrafficCount traffic) {
    boolean had = basic || tokens.remove(scope) != null;
    List<Challenge> challenges = Challenge.parse(headers);
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("bearer")) {
        tokens.put(scope, token(challenge, scope, traffic));
        return true;
      }
    }
    boolean asked = challenges.stream().anyMatch(c -> c.scheme().equals("basic"));
    if (asked && credentials != null && !isIdentityToken(credentials) && !had) {
      basic = true;
      return true;
    }
    return false;
  }

  private Token token(Challenge challenge, String scope, TrafficCount traffic) {
    URI realm = realm(challenge);
    String operation = "asking its token service " + realm.getRawAuthority() + " for " + scope;
    Request request = tokenRequest(realm, challenge, scope);
    try (Exchange exchange = connections.send(request, traffic)) {
      if (exchange.status() != 200) {
        throw failures.of(operation, exchange);
      }
      return token(operation, exchange.body(TOKEN_BYTES));
    } catch (IOException e) {
      throw failures.of(operation, e);
    }
  }

  private Request tokenRequest(URI realm, Challenge challenge, String scope) {
    if (credentials != null && isIdentityToken(credentials)) {
      // Distribution specification, "OAuth2 token authentication".
      Request request = new Request("POST", realm);
      String form =
          "grant_type=refresh_token&client_id=contract-builder&service="
              + encoded(challenge.parameter("service"))
              + "&scope="
              + encoded(scope)
              + "&refresh_token="
              + encoded(credentials.password().reveal());
      request.body(form.getBytes(StandardCharsets.US_ASCII), "application/x-www-form-urlencoded");
      return request;
    }
    Request request = new Request("GET", withQuery(realm, challenge, scope));
    if (credentials != null) {
      request.setHeader("Authorization", basic(credentials));
    }
    return request;
  }

  private static boolean isIdentityToken(RegistryCredentials credentials) {
    return credentials.user().equals(CredentialSource.IDENTITY_TOKEN);
  }

  private URI realm(Challenge challenge) {
    URI realm = WebAddress.read(null, challenge.parameter("realm"));
    if (realm == null) {
      throw untrusted("a token service whose address is malformed");
    }
    if (!WebAddress.isHttps(realm) && !plain.test(realm.getRawAuthority())) {
      throw untrusted("a token service without TLS (" + realm.getRawAuthority() + ")");
    }
    return realm;
  }

  private RegistryException untrusted(String answer) {
    return failures.lied("reading its challenge", answer);
  }

  private URI withQuery(URI realm, Challenge challenge, String scope) {
    StringBuilder query = new StringBuilder();
    if (!challenge.parameter("service").isEmpty()) {
      query.append("&service=").append(encoded(challenge.parameter("service")));
    }
    for (String one : scope.split(" ", -1)) {
      query.append("&scope=").append(encoded(one));
    }
    if (credentials != null) {
      query.append("&account=").append(encoded(credentials.user()));
    }
    String base = realm.toString();
    return URI.create(base + (base.contains("?") ? "&" : "?") + query.substring(1));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Token token(String operation, byte[] body) {
    JsonNode answer;
    try {
      answer = Json.read(body);
    } catch (MalformedJson e) {
      throw failures.lied(operation, "an answer that is no JSON");
    }
    String value = answer.path("token").asText("");
    if (value.isEmpty()) {
      value = answer.path("access_token").asText("");
    }
    if (!value.matches("[!-~]+")) {
      throw failures.lied(operation, "an answer without a token");
    }
    long seconds = Math.clamp(answer.path("expires_in").asLong(DEFAULT_SECONDS), 0, 86_400);
    long usable = Math.max(seconds - MARGIN_SECONDS, seconds / 2);
    return new Token(value, System.nanoTime() + usable * 1_000_000_000L);
  }

  /** The credentials in Basic's form (RFC 7617). */
  static String basic(RegistryCredentials credentials) {
    String pair = credentials.user() + ":" + credentials.password().reveal();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
