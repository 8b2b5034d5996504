package io.contractbuilder.settings;

import static io.contractbuilder.settings.Setting.AWS_REGION;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_ALLOWED_ADDRESSES;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_CERTS;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_GATEWAY_USER_FILE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_IMAGE_LIMIT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_JOB_NAMESPACE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_JOB_START_LIMIT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_JOB_TEMPLATE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_JOB_TTL;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LAUNCH;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LEDGER;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LEDGER_KEY_FILE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LEDGER_KEY_ID;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LEDGER_TYPE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LEDGER_URL;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_LISTEN;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_PLAIN_HTTP;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_READY_TIMEOUT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_REDIS_CA;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_REDIS_PASSWORD_FILE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_REDIS_TLS;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_REDIS_USER;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_S3_ENDPOINT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_STATE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_STATUS_TOKEN_FILE;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_STOP_LIMIT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_TIMEOUT;
import static io.contractbuilder.settings.Setting.CONTRACT_BUILDER_WATCHDOG;
import static io.contractbuilder.settings.Setting.DRAGONCHAIN_ENDPOINT;
import static io.contractbuilder.settings.Setting.DRAGONCHAIN_ID;
import static io.contractbuilder.settings.Setting.ERROR_REPORTING_TYPE;
import static io.contractbuilder.settings.Setting.FAAS_GATEWAY;
import static io.contractbuilder.settings.Setting.FAAS_REGISTRY;
import static io.contractbuilder.settings.Setting.HTTPS_PROXY;
import static io.contractbuilder.settings.Setting.HTTP_PROXY;
import static io.contractbuilder.settings.Setting.INTERNAL_ID;
import static io.contractbuilder.settings.Setting.LOG_LEVEL;
import static io.contractbuilder.settings.Setting.LRU_REDIS_ENDPOINT;
import static io.contractbuilder.settings.Setting.NO_PROXY;
import static io.contractbuilder.settings.Setting.REDISEARCH_ENDPOINT;
import static io.contractbuilder.settings.Setting.REDIS_ENDPOINT;
import static io.contractbuilder.settings.Setting.REDIS_PORT;
import static io.contractbuilder.settings.Setting.REGISTRY_USERNAME;
import static io.contractbuilder.settings.Setting.SECRET_LOCATION;
import static io.contractbuilder.settings.Setting.SERVICE;
import static io.contractbuilder.settings.Setting.STAGE;
import static io.contractbuilder.settings.Setting.STORAGE_LOCATION;
import static io.contractbuilder.settings.Setting.STORAGE_TYPE;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an environment once, and gathers what is wrong with it. */
final class SettingsReader {
  /** What our own variables begin with; among these an unknown one is a mistake. */
  static final String OWN = "CONTRACT_BUILDER_";

  /** What the scripts around the program read. */
  private static final Set<String> SCRIPTS =
      Set.of("CONTRACT_BUILDER_PARTS", "CONTRACT_BUILDER_VERIFY", "CONTRACT_BUILDER_BUILDING");

  /** What Kubernetes sets in every container beside a service named {@code contract-builder}. */
  private static final Pattern KUBERNETES =
      Pattern.compile("CONTRACT_BUILDER_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_.*)?)");

  private final Map<String, String> environment;
  private final List<Violation> violations = new ArrayList<>();

  SettingsReader(Map<String, String> environment) {
    this.environment = new HashMap<>(environment);
    for (Setting proxy : List.of(HTTPS_PROXY, HTTP_PROXY, NO_PROXY)) {
      if (!isSet(proxy.name())) {
        String lower = proxy.name().toLowerCase(Locale.ROOT);
        this.environment.put(proxy.name(), environment.getOrDefault(lower, ""));
      }
    }
  }

  Settings read(Path home) {
    unknown();
    var redis = redis();
    var chain =
        new ChainSettings(
            value(STAGE, SettingValue::text, ""),
            value(INTERNAL_ID, SettingValue::label, ""),
            value(DRAGONCHAIN_ID, SettingValue::text, ""),
            value(DRAGONCHAIN_ENDPOINT, SettingValue::text, ""),
            value(SECRET_LOCATION, SettingValue::path));
    var settings =
        new Settings(
            home,
            state(),
            gateway(),
            images(),
            chain,
            value(CONTRACT_BUILDER_WATCHDOG, SettingValue::watchdog),
            value(CONTRACT_BUILDER_READY_TIMEOUT, SettingValue::duration, Duration.ofSeconds(60)),
            value(CONTRACT_BUILDER_TIMEOUT, SettingValue::duration, Duration.ofMinutes(10)),
            storage(),
            redis,
            ledger(redis, chain),
            processor(),
            environment.getOrDefault(ERROR_REPORTING_TYPE.name(), "").equalsIgnoreCase("storage"),
            value(SERVICE, SettingValue::name, SERVICE.standard()),
            value(LOG_LEVEL, SettingValue::logLevel, "info"));
    if (!violations.isEmpty()) {
      checkIdentity(chain);
      throw new InvalidInput("settings", violations);
    }
    return settings;
  }

  /** Needs a secret, which is else read when something is to be done. */
  private void checkIdentity(ChainSettings chain) {
    try {
      chain.publicId();
    } catch (InvalidInput e) {
      violations.addAll(e.violations());
    } catch (SettingsException e) {
      // No setting is known to be wrong; whoever needs the file says that it cannot be read.
      return;
    }
  }

  private ProcessorSettings processor() {
    return new ProcessorSettings(
        value(CONTRACT_BUILDER_STOP_LIMIT, SettingValue::duration, Duration.ofSeconds(20)),
        value(CONTRACT_BUILDER_LISTEN, SettingValue::listened),
        value(CONTRACT_BUILDER_STATUS_TOKEN_FILE, SettingValue::path),
        launch());
  }

  private LaunchSettings launch() {
    Path template = value(CONTRACT_BUILDER_JOB_TEMPLATE, SettingValue::path);
    String namespace = value(CONTRACT_BUILDER_JOB_NAMESPACE, SettingValue::namespace);
    Duration start =
        value(CONTRACT_BUILDER_JOB_START_LIMIT, SettingValue::duration, Duration.ofMinutes(5));
    Duration keep = value(CONTRACT_BUILDER_JOB_TTL, SettingValue::duration, Duration.ofMinutes(5));
    if (!value(CONTRACT_BUILDER_LAUNCH, SettingValue::launch, "process").equals("kubernetes")) {
      return new LaunchSettings.InProcess();
    }
    if (template == null) {
      require(CONTRACT_BUILDER_JOB_TEMPLATE, "CONTRACT_BUILDER_LAUNCH is kubernetes");
      return new LaunchSettings.InProcess();
    }
    return new LaunchSettings.Kubernetes(template, namespace, start, keep);
  }

  private StorageSettings storage() {
    URI endpoint = value(CONTRACT_BUILDER_S3_ENDPOINT, SettingValue::url);
    String region = value(AWS_REGION, SettingValue::name);
    if (region == null) {
      region = SettingValue.name(environment.getOrDefault("AWS_DEFAULT_REGION", ""));
    }
    if (value(STORAGE_TYPE, SettingValue::storageType, "disk").equals("disk")) {
      return new StorageSettings.Disk(value(STORAGE_LOCATION, SettingValue::path));
    }
    String bucket = value(STORAGE_LOCATION, SettingValue::bucket, "");
    if (bucket.isEmpty()) {
      require(STORAGE_LOCATION, "STORAGE_TYPE is s3");
    }
    return new StorageSettings.S3(bucket, endpoint, region);
  }

  private RedisSettings redis() {
    // Kubernetes sets it to a URL beside a service named redis.
    boolean kubernetes = environment.getOrDefault(REDIS_PORT.name(), "").startsWith("tcp://");
    int port = kubernetes ? 6379 : value(REDIS_PORT, SettingValue::port, 6379);
    return new RedisSettings(
        value(REDIS_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        value(LRU_REDIS_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        value(REDISEARCH_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        value(CONTRACT_BUILDER_REDIS_TLS, SettingValue::truth, false),
        value(CONTRACT_BUILDER_REDIS_CA, SettingValue::path),
        value(CONTRACT_BUILDER_REDIS_USER, SettingValue::text),
        value(CONTRACT_BUILDER_REDIS_PASSWORD_FILE, SettingValue::path));
  }

  private LedgerSettings ledger(RedisSettings redis, ChainSettings chain) {
    String standard = redis.main() == null ? "file" : "redis";
    String kind = value(CONTRACT_BUILDER_LEDGER, SettingValue::ledger, standard);
    URI url = value(CONTRACT_BUILDER_LEDGER_URL, SettingValue::url);
    String type = value(CONTRACT_BUILDER_LEDGER_TYPE, SettingValue::transactionType);
    String keyId = value(CONTRACT_BUILDER_LEDGER_KEY_ID, SettingValue::name);
    Path keyFile = value(CONTRACT_BUILDER_LEDGER_KEY_FILE, SettingValue::path);
    return switch (kind) {
      case "none" -> new LedgerSettings.None();
      case "redis" -> {
        if (redis.main() == null) {
          require(REDIS_ENDPOINT, "CONTRACT_BUILDER_LEDGER is redis");
        }
        yield new LedgerSettings.Redis();
      }
      case "http" -> {
        if (url == null) {
          url = SettingValue.url(chain.endpoint());
        }
        String because = "CONTRACT_BUILDER_LEDGER is http";
        if (url == null || type == null || keyId == null || keyFile == null) {
          requireUnless(url, CONTRACT_BUILDER_LEDGER_URL, because);
          requireUnless(type, CONTRACT_BUILDER_LEDGER_TYPE, because);
          requireUnless(keyId, CONTRACT_BUILDER_LEDGER_KEY_ID, because);
          requireUnless(keyFile, CONTRACT_BUILDER_LEDGER_KEY_FILE, because);
          yield new LedgerSettings.None();
        }
        yield new LedgerSettings.Http(url, type, keyId, keyFile);
      }
      default -> new LedgerSettings.File();
    };
  }

  private void requireUnless(@Nullable Object value, Setting setting, String because) {
    if (value == null) {
      require(setting, because);
    }
  }

  /** Unless it is set: then what is wrong with it has been said. */
  private void require(Setting setting, String because) {
    if (!isSet(setting.name())) {
      violate(setting, "nothing, but " + because);
    }
  }

  private void unknown() {
    for (String name : new TreeMap<>(environment).keySet()) {
      if (name.startsWith(OWN)
          && !SCRIPTS.contains(name)
          && !KUBERNETES.matcher(name).matches()
          && SettingValue.setting(name) == null) {
        violations.add(
            new Violation(
                SettingValue.shown(name),
                "a setting that does not exist",
                "the nearest that does is " + Setting.nearest(name)));
      }
    }
  }

  private @Nullable Path state() {
    Path given = value(CONTRACT_BUILDER_STATE, SettingValue::path);
    if (given != null || isSet(CONTRACT_BUILDER_STATE.name())) {
      return given;
    }
    // A relative one has to be ignored (XDG Base Directory Specification).
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    if (data.startsWith("/")) {
      return Path.of(data, "contract-builder");
    }
    String home = environment.getOrDefault("HOME", "");
    return home.isEmpty()
        ? null
        : Path.of(home, ".local", "share", "contract-builder").toAbsolutePath();
  }

  private GatewaySettings gateway() {
    return new GatewaySettings(
        value(FAAS_GATEWAY, SettingValue::url),
        value(
            CONTRACT_BUILDER_GATEWAY_USER_FILE,
            SettingValue::path,
            Path.of(CONTRACT_BUILDER_GATEWAY_USER_FILE.standard())),
        value(
            CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE,
            SettingValue::path,
            Path.of(CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE.standard())));
  }

  private ImageSettings images() {
    String user = value(REGISTRY_USERNAME, SettingValue::user);
    if (user != null) {
      require(SECRET_LOCATION, "REGISTRY_USERNAME is set");
    }
    return new ImageSettings(
        value(FAAS_REGISTRY, SettingValue::lowerHost),
        user,
        value(SECRET_LOCATION, SettingValue::path),
        list(CONTRACT_BUILDER_PLAIN_HTTP, SettingValue::lowerHost),
        list(CONTRACT_BUILDER_ALLOWED_ADDRESSES, SettingValue::address),
        value(CONTRACT_BUILDER_CERTS, SettingValue::folder),
        value(CONTRACT_BUILDER_IMAGE_LIMIT, SettingValue::size, 500L << 20),
        new ProxySettings(
            value(HTTPS_PROXY, SettingValue::proxy),
            value(HTTP_PROXY, SettingValue::proxy),
            list(NO_PROXY, SettingValue::text)));
  }

  private <T> T value(Setting setting, Function<String, @Nullable T> reader, T standard) {
    return Objects.requireNonNullElse(value(setting, reader), standard);
  }

  /** Null where it is not set, or wrong (a violation); the reader gives null for what is wrong. */
  private <T> @Nullable T value(Setting setting, Function<String, @Nullable T> reader) {
    if (!isSet(setting.name())) {
      return null;
    }
    String text = environment.getOrDefault(setting.name(), "");
    T value = reader.apply(text);
    if (value == null) {
      violate(setting, quoted(setting, text));
    }
    return value;
  }

  private Set<String> list(Setting setting, Function<String, @Nullable String> reader) {
    var values = new LinkedHashSet<String>();
    if (isSet(setting.name())) {
      for (String part : environment.getOrDefault(setting.name(), "").split(",", -1)) {
        String value = reader.apply(part.strip());
        if (value == null) {
          violate(setting, quoted(setting, part));
        } else {
          values.add(value);
        }
      }
    }
    return Collections.unmodifiableSet(values);
  }

  private boolean isSet(String name) {
    return !environment.getOrDefault(name, "").isEmpty();
  }

  private static String quoted(Setting setting, String text) {
    return setting.secret() ? "something else" : '"' + SettingValue.shown(text) + '"';
  }

  private void violate(Setting setting, String found) {
    violations.add(new Violation(setting.name(), found, setting.allowed().replace("`", "")));
  }
}
