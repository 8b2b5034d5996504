package io.contractbuilder.settings;

import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.TransactionType;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How each kind of setting is read from its text; null: it is none of the kind. */
final class SettingValue {
  private static final int MAX_SHOWN = 60;

  /** Of a name with its port (RFC 1035, section 2.3.4). */
  private static final int MAX_HOST = 253 + 6;

  // Not compiled before they are used: most settings are not set.
  private static final String CONTROL = "\\p{Cntrl}";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
  private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final String HOST =
      "(?:" + NAME + "(?:\\." + NAME + ")*|\\[([0-9a-fA-F:.]+)])(?::([0-9]{1,5}))?";
  private static final String NAMESPACE = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final String NAMED = "[A-Za-z0-9._-]{1,128}";
  private static final String BUCKET = "[A-Za-z0-9][A-Za-z0-9._-]{1,254}";
  private static final String PORT = "[1-9][0-9]{0,4}";
  private static final String NETWORK = "([0-9a-fA-F:.]+)/([0-9]{1,3})";
  private static final String AMOUNT = "([0-9]{1,15})([A-Za-z]{0,2})";
  private static final Map<String, Long> SIZES =
      Map.of(
          "",
          1L,
          "k",
          1000L,
          "M",
          1_000_000L,
          "G",
          1_000_000_000L, //
          "Ki",
          1L << 10,
          "Mi",
          1L << 20,
          "Gi",
          1L << 30);
  private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L);
  private static final Map<String, String> LEVELS =
      Map.of(
          "notset",
          "trace",
          "trace",
          "trace",
          "debug",
          "debug",
          "info",
          "info",
          "warn",
          "warn",
          "warning",
          "warn",
          "error",
          "error",
          "critical",
          "error",
          "fatal",
          "error");

  private SettingValue() {}

  static @Nullable Setting setting(String name) {
    for (Setting setting : Setting.values()) {
      if (setting.name().equals(name)) {
        return setting;
      }
    }
    return null;
  }

  /** For messages: shortened, without control characters. */
  static String shown(String text) {
    String plain = text.replaceAll(CONTROL, "?");
    return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
  }

  static @Nullable String text(String text) {
    return Pattern.compile(CONTROL).matcher(text).find() ? null : text;
  }

  static @Nullable String user(String text) {
    return text.indexOf(':') >= 0 ? null : text(text);
  }

  static @Nullable String label(String text) {
    return text.matches(LABEL) ? text : null;
  }

  static @Nullable Path path(String text) {
    try {
      return text(text) == null ? null : Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  static @Nullable Path folder(String text) {
    Path path = path(text);
    return path != null && Files.isDirectory(path) ? path : null;
  }

  static @Nullable String storageType(String text) {
    return text.equals("disk") || text.equals("s3") ? text : null;
  }

  static @Nullable String ledger(String text) {
    return Set.of("redis", "http", "file", "none").contains(text) ? text : null;
  }

  static @Nullable String launch(String text) {
    return text.equals("process") || text.equals("kubernetes") ? text : null;
  }

  /** As Kubernetes takes it (RFC 1123, a label). */
  static @Nullable String namespace(String text) {
    return text.matches(NAMESPACE) ? text : null;
  }

  static @Nullable Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  static @Nullable String name(String text) {
    return text.matches(NAMED) ? text : null;
  }

  static @Nullable String transactionType(String text) {
    return TransactionType.isValid(text) ? text : null;
  }

  /** As S3 takes it: no folder, no URL. */
  static @Nullable String bucket(String text) {
    return text.matches(BUCKET) ? text : null;
  }

  static @Nullable Integer port(String text) {
    return text.matches(PORT) && Integer.parseInt(text) <= 65535
        ? (Integer) Integer.parseInt(text)
        : null;
  }

  /** A host with its port, or with the one that holds for all. */
  static RedisSettings.@Nullable Endpoint endpoint(String text, int standard) {
    Matcher host = Pattern.compile(HOST).matcher(text);
    if (host(text) == null || !host.matches()) {
      return null;
    }
    String port = host.group(2);
    String name = port == null ? text : text.substring(0, text.length() - port.length() - 1);
    return new RedisSettings.Endpoint(
        host.group(1) == null ? name : host.group(1),
        port == null ? standard : Integer.parseInt(port));
  }

  /** A host with its port. */
  static ProcessorSettings.@Nullable Address listened(String text) {
    RedisSettings.Endpoint endpoint = endpoint(text, 0);
    return endpoint == null || endpoint.port() == 0
        ? null
        : new ProcessorSettings.Address(endpoint.host(), endpoint.port());
  }

  static @Nullable String logLevel(String text) {
    return LEVELS.get(text.toLowerCase(Locale.ROOT));
  }

  static @Nullable String watchdog(String text) {
    if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
      return path(text) == null ? null : text;
    }
    try {
      ImageReference.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static @Nullable URI url(String text) {
    try {
      var url = new URI(text.replaceFirst("/+\\z", ""));
      boolean scheme =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      boolean plain =
          url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
      return scheme && plain && url.getHost() != null && url.getPort() <= 65535 ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** An {@code http} URL with a host, or the host alone, as Go's programs take it. */
  static ProxySettings.@Nullable Proxy proxy(String text) {
    try {
      var url = new URI((text.contains("://") ? text : "http://" + text).replaceFirst("/+\\z", ""));
      boolean plain =
          url.getRawPath().isEmpty() && url.getQuery() == null && url.getFragment() == null;
      String host = url.getHost();
      if (!"http".equalsIgnoreCase(url.getScheme())
          || !plain
          || host == null
          || url.getPort() > 65535) {
        return null;
      }
      String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      int port = url.getPort() < 0 ? 80 : url.getPort();
      String info = url.getUserInfo();
      if (info == null) {
        return new ProxySettings.Proxy(name, port, null, null);
      }
      int colon = info.indexOf(':');
      return new ProxySettings.Proxy(
          name,
          port,
          colon < 0 ? info : info.substring(0, colon),
          new Secret(colon < 0 ? "" : info.substring(colon + 1)));
    } catch (URISyntaxException e) {
      return null;
    }
  }

  static @Nullable String host(String text) {
    // The pattern recurses by label.
    if (text.length() > MAX_HOST) {
      return null;
    }
    Matcher host = Pattern.compile(HOST).matcher(text);
    if (!host.matches() || (host.group(1) != null && !isIp(host.group(1)))) {
      return null;
    }
    String port = host.group(2);
    return port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) <= 65535)
        ? text
        : null;
  }

  static @Nullable String lowerHost(String text) {
    String host = host(text);
    return host == null ? null : host.toLowerCase(Locale.ROOT);
  }

  static @Nullable String address(String text) {
    Matcher network = Pattern.compile(NETWORK).matcher(text);
    if (network.matches()) {
      int bits = network.group(1).indexOf(':') >= 0 ? 128 : 32;
      return isIp(network.group(1)) && Integer.parseInt(network.group(2)) <= bits ? text : null;
    }
    return text.indexOf(':') >= 0 && isIp(text) ? text : lowerHost(text);
  }

  /** Whether it is a literal; no name is looked up. */
  private static boolean isIp(String text) {
    try {
      // Four numbers: "10.1" would mean 10.0.0.1.
      InetAddress.ofLiteral(text);
      return text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static @Nullable Long size(String text) {
    Matcher amount = Pattern.compile(AMOUNT).matcher(text);
    Long unit = amount.matches() ? SIZES.get(amount.group(2)) : null;
    if (unit == null) {
      return null;
    }
    long number = Long.parseLong(amount.group(1));
    return number >= 1 && number <= Long.MAX_VALUE / unit ? (Long) (number * unit) : null;
  }

  static @Nullable Duration duration(String text) {
    Matcher amount = Pattern.compile(AMOUNT).matcher(text);
    Long unit = amount.matches() ? SECONDS.get(amount.group(2)) : null;
    if (unit == null) {
      return null;
    }
    long number = Long.parseLong(amount.group(1));
    return number >= 1 && number <= 86_400 / unit ? Duration.ofSeconds(number * unit) : null;
  }
}
