package io.contractbuilder.settings;

import io.contractbuilder.contract.ChainId;
import io.contractbuilder.contract.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what holds and where it comes from, after everything was read without a mistake. */
public final class EffectiveSettings {
  private static final String DEFAULT = "default";
  private static final String MASK = "***";

  /** A user in a text that nobody checks to be a URL without one. */
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");

  private final Map<String, String> environment;
  private final Settings settings;

  private EffectiveSettings(Map<String, String> environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /**
   * Every setting in {@link Setting}'s order, then each secret that lies in a file.
   *
   * @param settings read from {@code environment}
   */
  public static List<EffectiveSetting> of(Map<String, String> environment, Settings settings) {
    var effective = new EffectiveSettings(environment, settings);
    var all = new ArrayList<EffectiveSetting>();
    for (Setting setting : Setting.values()) {
      all.add(effective.of(setting));
    }
    effective.addSecrets(all);
    return List.copyOf(all);
  }

  private EffectiveSetting of(Setting setting) {
    String given = environment.getOrDefault(setting.name(), "");
    return given.isEmpty()
        ? standard(setting)
        : new EffectiveSetting(setting.name(), masked(setting, given), "environment");
  }

  /** A proxy may be written without its scheme. */
  private static String masked(Setting setting, String given) {
    return setting.secret() && !given.contains("//")
        ? given.replaceFirst("^.*@", MASK + "@")
        : USER_INFO.matcher(given).replaceAll("//***@");
  }

  private EffectiveSetting standard(Setting setting) {
    return switch (setting) {
      case CONTRACT_BUILDER_STATE -> state();
      case CONTRACT_BUILDER_WATCHDOG -> {
        Path classic = settings.home().resolve("watchdog").resolve("classic");
        yield Files.isDirectory(classic)
            ? follows(setting, classic, "the program's own folder")
            : new EffectiveSetting(setting.name(), "builtin", DEFAULT);
      }
      case STORAGE_LOCATION -> inState(setting, "storage");
      case FAAS_REGISTRY -> inState(setting, "images");
      case FAAS_GATEWAY -> inState(setting, "platform");
      case AWS_REGION ->
          settings.storage() instanceof StorageSettings.S3(var bucket, var endpoint, var region)
                  && region != null
              ? follows(setting, region, "AWS_DEFAULT_REGION")
              : new EffectiveSetting(setting.name(), "", DEFAULT);
      case CONTRACT_BUILDER_LEDGER ->
          settings.ledger() instanceof LedgerSettings.Redis
              ? follows(setting, "redis", "REDIS_ENDPOINT")
              : new EffectiveSetting(setting.name(), "file", DEFAULT);
      case CONTRACT_BUILDER_LEDGER_URL ->
          settings.ledger() instanceof LedgerSettings.Http http
              ? follows(setting, shown(http.url()), "DRAGONCHAIN_ENDPOINT")
              : new EffectiveSetting(setting.name(), "", DEFAULT);
      case DRAGONCHAIN_ID -> publicId();
      case HTTPS_PROXY, HTTP_PROXY, NO_PROXY -> lowerCase(setting);
      default -> {
        // A default that is said in words is what it says where nothing is set.
        boolean value = setting.standard().indexOf(' ') < 0;
        yield new EffectiveSetting(setting.name(), value ? setting.standard() : "", DEFAULT);
      }
    };
  }

  private EffectiveSetting lowerCase(Setting setting) {
    String lower = setting.name().toLowerCase(Locale.ROOT);
    String given = environment.getOrDefault(lower, "");
    return given.isEmpty()
        ? new EffectiveSetting(setting.name(), "", DEFAULT)
        : follows(setting, masked(setting, given), lower);
  }

  private EffectiveSetting state() {
    Path state = settings.stateFolder();
    boolean data = environment.getOrDefault("XDG_DATA_HOME", "").startsWith("/");
    return follows(
        Setting.CONTRACT_BUILDER_STATE,
        state == null ? "" : state,
        data ? "XDG_DATA_HOME" : "HOME");
  }

  private EffectiveSetting inState(Setting setting, String folder) {
    Path state = settings.stateFolder();
    return follows(
        setting, state == null ? "" : state.resolve(folder), Setting.CONTRACT_BUILDER_STATE.name());
  }

  private EffectiveSetting publicId() {
    String id = "";
    if (settings.chain().secretFile() != null) {
      try {
        Secret key = settings.chain().privateKey();
        id = key == null ? "" : ChainId.of(key);
      } catch (SettingsException | IllegalArgumentException e) {
        id = "(unknown: the private key cannot be read)";
      }
    }
    return id.isEmpty()
        ? new EffectiveSetting(Setting.DRAGONCHAIN_ID.name(), "", DEFAULT)
        : follows(Setting.DRAGONCHAIN_ID, id, "private-key in SECRET_LOCATION");
  }

  private void addSecrets(List<EffectiveSetting> all) {
    GatewaySettings gateway = settings.gateway();
    if (gateway.url() != null) {
      all.add(
          secret(
              "the gateway's password",
              gateway.passwordFile(),
              () -> {
                GatewayCredentials credentials = gateway.credentials();
                return credentials == null ? null : credentials.password();
              }));
    }
    ImageSettings images = settings.images();
    if (images.user() != null && images.secretFile() != null) {
      all.add(secret("the registry's password", images.secretFile(), images::password));
    }
    ChainSettings chain = settings.chain();
    if (chain.secretFile() != null) {
      all.add(secret("the chain's private key", chain.secretFile(), chain::privateKey));
    }
    RedisSettings redis = settings.redis();
    if (redis.passwordFile() != null) {
      all.add(secret("Redis' password", redis.passwordFile(), redis::password));
    }
    if (settings.ledger() instanceof LedgerSettings.Http http) {
      all.add(secret("the ledger's API key", http.keyFile(), http::key));
    }
  }

  private static EffectiveSetting secret(
      String name, Path file, Supplier<@Nullable Secret> reader) {
    String value;
    try {
      value = Objects.isNull(reader.get()) ? "" : MASK;
    } catch (SettingsException e) {
      value = "(" + e.answer() + ")";
    }
    return new EffectiveSetting(name, value, file.toString());
  }

  private static EffectiveSetting follows(Setting setting, Object value, String from) {
    return new EffectiveSetting(setting.name(), value.toString(), "follows from " + from);
  }

  private static String shown(URI url) {
    return USER_INFO.matcher(url.toString()).replaceAll("//***@");
  }
}
