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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an environment once, and gathers what is wrong with it. */
final class SettingsReader {
  private final Environment environment;

  SettingsReader(Map<String, String> variables) {
    environment = new Environment(variables);
  }

  Settings read(Path home) {
    environment.unknown();
    var redis = redis();
    var chain =
        new ChainSettings(
            environment.read(STAGE, SettingValue::text, ""),
            environment.read(INTERNAL_ID, SettingValue::label, ""),
            environment.read(DRAGONCHAIN_ID, SettingValue::text, ""),
            environment.read(DRAGONCHAIN_ENDPOINT, SettingValue::text, ""),
            environment.read(SECRET_LOCATION, SettingValue::path));
    var settings =
        new Settings(
            home,
            state(),
            gateway(),
            images(),
            chain,
            environment.read(CONTRACT_BUILDER_WATCHDOG, SettingValue::watchdog),
            environment.read(
                CONTRACT_BUILDER_READY_TIMEOUT, SettingValue::duration, Duration.ofSeconds(60)),
            environment.read(
                CONTRACT_BUILDER_TIMEOUT, SettingValue::duration, Duration.ofMinutes(10)),
            storage(),
            redis,
            ledger(redis, chain),
            processor(),
            environment.text(ERROR_REPORTING_TYPE.name()).equalsIgnoreCase("storage"),
            environment.read(SERVICE, SettingValue::name, SERVICE.standard()),
            environment.read(LOG_LEVEL, SettingValue::logLevel, "info"));
    if (!environment.violations().isEmpty()) {
      checkIdentity(chain);
      throw new InvalidInput("settings", environment.violations());
    }
    return settings;
  }

  /** Needs a secret, which is else read when something is to be done. */
  private void checkIdentity(ChainSettings chain) {
    try {
      chain.publicId();
    } catch (InvalidInput e) {
      environment.violations().addAll(e.violations());
    } catch (SettingsException e) {
      // No setting is known to be wrong; whoever needs the file says that it cannot be read.
      return;
    }
  }

  private ProcessorSettings processor() {
    return new ProcessorSettings(
        environment.read(
            CONTRACT_BUILDER_STOP_LIMIT, SettingValue::duration, Duration.ofSeconds(20)),
        environment.read(CONTRACT_BUILDER_LISTEN, SettingValue::listened),
        environment.read(CONTRACT_BUILDER_STATUS_TOKEN_FILE, SettingValue::path),
        launch());
  }

  private LaunchSettings launch() {
    Path template = environment.read(CONTRACT_BUILDER_JOB_TEMPLATE, SettingValue::path);
    String namespace = environment.read(CONTRACT_BUILDER_JOB_NAMESPACE, SettingValue::namespace);
    Duration start =
        environment.read(
            CONTRACT_BUILDER_JOB_START_LIMIT, SettingValue::duration, Duration.ofMinutes(5));
    Duration keep =
        environment.read(CONTRACT_BUILDER_JOB_TTL, SettingValue::duration, Duration.ofMinutes(5));
    String launch = environment.read(CONTRACT_BUILDER_LAUNCH, SettingValue::launch, "process");
    if (!launch.equals("kubernetes")) {
      return new LaunchSettings.InProcess();
    }
    if (template == null) {
      environment.require(CONTRACT_BUILDER_JOB_TEMPLATE, "CONTRACT_BUILDER_LAUNCH is kubernetes");
      return new LaunchSettings.InProcess();
    }
    return new LaunchSettings.Kubernetes(template, namespace, start, keep);
  }

  private StorageSettings storage() {
    URI endpoint = environment.read(CONTRACT_BUILDER_S3_ENDPOINT, SettingValue::url);
    String region = environment.read(AWS_REGION, SettingValue::name);
    if (region == null) {
      region = SettingValue.name(environment.text("AWS_DEFAULT_REGION"));
    }
    if (environment.read(STORAGE_TYPE, SettingValue::storageType, "disk").equals("disk")) {
      return new StorageSettings.Disk(environment.read(STORAGE_LOCATION, SettingValue::path));
    }
    String bucket = environment.read(STORAGE_LOCATION, SettingValue::bucket, "");
    if (bucket.isEmpty()) {
      environment.require(STORAGE_LOCATION, "STORAGE_TYPE is s3");
    }
    return new StorageSettings.S3(bucket, endpoint, region);
  }

  private RedisSettings redis() {
    // Kubernetes sets it to a URL beside a service named redis.
    boolean kubernetes = environment.text(REDIS_PORT.name()).startsWith("tcp://");
    int port = kubernetes ? 6379 : environment.read(REDIS_PORT, SettingValue::port, 6379);
    return new RedisSettings(
        environment.read(REDIS_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        environment.read(LRU_REDIS_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        environment.read(REDISEARCH_ENDPOINT, text -> SettingValue.endpoint(text, port)),
        environment.read(CONTRACT_BUILDER_REDIS_TLS, SettingValue::truth, false),
        environment.read(CONTRACT_BUILDER_REDIS_CA, SettingValue::path),
        environment.read(CONTRACT_BUILDER_REDIS_USER, SettingValue::text),
        environment.read(CONTRACT_BUILDER_REDIS_PASSWORD_FILE, SettingValue::path));
  }

  private LedgerSettings ledger(RedisSettings redis, ChainSettings chain) {
    String standard = redis.main() == null ? "file" : "redis";
    String kind = environment.read(CONTRACT_BUILDER_LEDGER, SettingValue::ledger, standard);
    URI url = environment.read(CONTRACT_BUILDER_LEDGER_URL, SettingValue::url);
    String type = environment.read(CONTRACT_BUILDER_LEDGER_TYPE, SettingValue::transactionType);
    String keyId = environment.read(CONTRACT_BUILDER_LEDGER_KEY_ID, SettingValue::name);
    Path keyFile = environment.read(CONTRACT_BUILDER_LEDGER_KEY_FILE, SettingValue::path);
    return switch (kind) {
      case "none" -> new LedgerSettings.None();
      case "redis" -> {
        if (redis.main() == null) {
          environment.require(REDIS_ENDPOINT, "CONTRACT_BUILDER_LEDGER is redis");
        }
        yield new LedgerSettings.Redis();
      }
      case "http" -> {
        if (url == null) {
          url = SettingValue.url(chain.endpoint());
        }
        String because = "CONTRACT_BUILDER_LEDGER is http";
        if (url == null || type == null || keyId == null || keyFile == null) {
          environment.requireUnless(url, CONTRACT_BUILDER_LEDGER_URL, because);
          environment.requireUnless(type, CONTRACT_BUILDER_LEDGER_TYPE, because);
          environment.requireUnless(keyId, CONTRACT_BUILDER_LEDGER_KEY_ID, because);
          environment.requireUnless(keyFile, CONTRACT_BUILDER_LEDGER_KEY_FILE, because);
          yield new LedgerSettings.None();
        }
        yield new LedgerSettings.Http(url, type, keyId, keyFile);
      }
      default -> new LedgerSettings.File();
    };
  }

  private @Nullable Path state() {
    Path given = environment.read(CONTRACT_BUILDER_STATE, SettingValue::path);
    if (given != null || environment.isSet(CONTRACT_BUILDER_STATE)) {
      return given;
    }
    // A relative one has to be ignored (XDG Base Directory Specification).
    String data = environment.text("XDG_DATA_HOME");
    if (data.startsWith("/")) {
      return Path.of(data, "contract-builder");
    }
    String home = environment.text("HOME");
    return home.isEmpty()
        ? null
        : Path.of(home, ".local", "share", "contract-builder").toAbsolutePath();
  }

  private GatewaySettings gateway() {
    return new GatewaySettings(
        environment.read(FAAS_GATEWAY, SettingValue::url),
        environment.read(
            CONTRACT_BUILDER_GATEWAY_USER_FILE,
            SettingValue::path,
            Path.of(CONTRACT_BUILDER_GATEWAY_USER_FILE.standard())),
        environment.read(
            CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE,
            SettingValue::path,
            Path.of(CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE.standard())));
  }

  private ImageSettings images() {
    String user = environment.read(REGISTRY_USERNAME, SettingValue::user);
    if (user != null) {
      environment.require(SECRET_LOCATION, "REGISTRY_USERNAME is set");
    }
    return new ImageSettings(
        environment.read(FAAS_REGISTRY, SettingValue::lowerHost),
        user,
        environment.read(SECRET_LOCATION, SettingValue::path),
        environment.list(CONTRACT_BUILDER_PLAIN_HTTP, SettingValue::lowerHost),
        environment.list(CONTRACT_BUILDER_ALLOWED_ADDRESSES, SettingValue::address),
        environment.read(CONTRACT_BUILDER_CERTS, SettingValue::folder),
        environment.read(CONTRACT_BUILDER_IMAGE_LIMIT, SettingValue::size, 500L << 20),
        new ProxySettings(
            environment.read(HTTPS_PROXY, SettingValue::proxy),
            environment.read(HTTP_PROXY, SettingValue::proxy),
            environment.list(NO_PROXY, SettingValue::text)));
  }
}
