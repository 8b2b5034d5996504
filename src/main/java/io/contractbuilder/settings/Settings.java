package io.contractbuilder.settings;

import io.contractbuilder.contract.InvalidInput;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the program is told by its environment, read once.
 *
 * @param home the program's own files
 * @param state the folder for all that is not configured elsewhere
 * @param watchdog as the setting; null: unset
 * @param readyTimeout how long a deployed function may take to answer
 * @param storage the folder of the stored objects
 */
public record Settings(
    Path home,
    Path state,
    GatewaySettings gateway,
    ImageSettings images,
    ChainSettings chain,
    @Nullable String watchdog,
    Duration readyTimeout,
    Path storage) {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

  /**
   * Reads the environment.
   *
   * @throws InvalidInput with every mistake
   */
  public static Settings read(Map<String, String> environment, Path home) {
    var values = new SettingValues(environment);
    values.refuseUnknown();
    Path state = values.path(Setting.STATE, defaultState(environment));
    String storageType = values.text(Setting.STORAGE_TYPE, "disk");
    if (!storageType.equals("disk")) {
      values.violate(Setting.STORAGE_TYPE, storageType);
    }
    var gateway =
        new GatewaySettings(
            values.value(Setting.FAAS_GATEWAY, Settings::url),
            values.path(Setting.GATEWAY_USER_FILE, Path.of("/etc/openfaas-secret/user")),
            values.path(Setting.GATEWAY_PASSWORD_FILE, Path.of("/etc/openfaas-secret/password")));
    var images =
        new ImageSettings(
            values.value(Setting.FAAS_REGISTRY, Settings::host),
            values.text(Setting.REGISTRY_USERNAME),
            values.value(Setting.SECRET_LOCATION, Path::of),
            values.list(Setting.PLAIN_HTTP, HOST),
            values.list(Setting.ALLOWED_ADDRESSES, Pattern.compile("[A-Za-z0-9.:/\\[\\]-]+")),
            values.value(Setting.CERTS, Path::of),
            values.value(Setting.IMAGE_LIMIT, "500Mi", Quantities::bytes));
    var chain =
        new ChainSettings(
            values.text(Setting.STAGE, ""),
            values.text(Setting.INTERNAL_ID, ""),
            values.text(Setting.DRAGONCHAIN_ID, ""),
            values.text(Setting.DRAGONCHAIN_ENDPOINT, ""));
    Duration ready = values.value(Setting.READY_TIMEOUT, "60s", Quantities::duration);
    Path storage = values.path(Setting.STORAGE_LOCATION, state.resolve("storage"));
    String watchdog = values.text(Setting.WATCHDOG);
    values.requireNoViolations();
    return new Settings(home, state, gateway, images, chain, watchdog, ready, storage);
  }

  private static Path defaultState(Map<String, String> environment) {
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    Path folder =
        data.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".local", "share")
            : Path.of(data);
    return folder.resolve("contract-builder");
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getUserInfo() != null || url.getQuery() != null) {
      throw new IllegalArgumentException();
    }
    return url;
  }

  private static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new IllegalArgumentException();
    }
    return text;
  }
}
