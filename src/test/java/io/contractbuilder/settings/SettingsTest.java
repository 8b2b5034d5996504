package io.contractbuilder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Violation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Path HOME = Path.of("/opt/contract-builder");
  private static final Map<String, String> LEAST = Map.of("HOME", "/home/me");

  /** Every setting with a value that is not its default. */
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("CONTRACT_BUILDER_STATE", "/var/lib/cb"),
          Map.entry("CONTRACT_BUILDER_WATCHDOG", "builtin"),
          Map.entry("CONTRACT_BUILDER_READY_TIMEOUT", "2m"),
          Map.entry("CONTRACT_BUILDER_IMAGE_LIMIT", "1Gi"),
          Map.entry("CONTRACT_BUILDER_PLAIN_HTTP", "Registry.local:5000, 127.0.0.1:5001"),
          Map.entry("CONTRACT_BUILDER_ALLOWED_ADDRESSES", "10.0.0.0/8,registry.local,::1"),
          Map.entry("CONTRACT_BUILDER_CERTS", "/"),
          Map.entry("HTTPS_PROXY", "http://joe:a:b%25@proxy.corp:3128/"),
          Map.entry("HTTP_PROXY", "[::1]"),
          Map.entry("NO_PROXY", "localhost, .corp,10.0.0.0/8"),
          Map.entry("CONTRACT_BUILDER_GATEWAY_USER_FILE", "/run/user"),
          Map.entry("CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE", "/run/password"),
          Map.entry("FAAS_GATEWAY", "http://gateway.openfaas:8080/"),
          Map.entry("FAAS_REGISTRY", "Registry.local:5000"),
          Map.entry("REGISTRY_USERNAME", "chain"),
          Map.entry("SECRET_LOCATION", "/run/secrets.json"),
          Map.entry("CONTRACT_BUILDER_TIMEOUT", "5m"),
          Map.entry("CONTRACT_BUILDER_STOP_LIMIT", "30s"),
          Map.entry("CONTRACT_BUILDER_LISTEN", "[::1]:9464"),
          Map.entry("CONTRACT_BUILDER_STATUS_TOKEN_FILE", "/run/status-token"),
          Map.entry("STORAGE_TYPE", "s3"),
          Map.entry("STORAGE_LOCATION", "chain-bucket"),
          Map.entry("CONTRACT_BUILDER_S3_ENDPOINT", "http://127.0.0.1:9000/"),
          Map.entry("AWS_REGION", "eu-central-1"),
          Map.entry("REDIS_ENDPOINT", "redis.chain"),
          Map.entry("LRU_REDIS_ENDPOINT", "lru.chain:6400"),
          Map.entry("REDISEARCH_ENDPOINT", "[::1]"),
          Map.entry("REDIS_PORT", "6380"),
          Map.entry("CONTRACT_BUILDER_REDIS_TLS", "true"),
          Map.entry("CONTRACT_BUILDER_REDIS_CA", "/run/ca.pem"),
          Map.entry("CONTRACT_BUILDER_REDIS_USER", "builder"),
          Map.entry("CONTRACT_BUILDER_REDIS_PASSWORD_FILE", "/run/redis-password"),
          Map.entry("CONTRACT_BUILDER_LEDGER", "http"),
          Map.entry("CONTRACT_BUILDER_LEDGER_URL", "https://other.chain/"),
          Map.entry("CONTRACT_BUILDER_LEDGER_TYPE", "contracts"),
          Map.entry("CONTRACT_BUILDER_LEDGER_KEY_ID", "KEY_1"),
          Map.entry("CONTRACT_BUILDER_LEDGER_KEY_FILE", "/run/ledger-key"),
          Map.entry("CONTRACT_BUILDER_LAUNCH", "kubernetes"),
          Map.entry("CONTRACT_BUILDER_JOB_TEMPLATE", "/run/pod.yaml"),
          Map.entry("CONTRACT_BUILDER_JOB_NAMESPACE", "jobs"),
          Map.entry("CONTRACT_BUILDER_JOB_START_LIMIT", "2m"),
          Map.entry("CONTRACT_BUILDER_JOB_TTL", "1h"),
          Map.entry("ERROR_REPORTING_TYPE", "Storage"),
          Map.entry("SERVICE", "builder"),
          Map.entry("STAGE", "prod"),
          Map.entry("INTERNAL_ID", "abc-1"),
          Map.entry("DRAGONCHAIN_ID", "zPub"),
          Map.entry("DRAGONCHAIN_ENDPOINT", "https://chain.example:8443"),
          Map.entry("LOG_LEVEL", "DEBUG"));

  @Test
  void hasDefaultsForEverything() {
    Path state = Path.of("/home/me/.local/share/contract-builder");
    assertThat(Settings.read(LEAST, HOME))
        .isEqualTo(
            new Settings(
                HOME,
                state,
                new GatewaySettings(
                    null,
                    Path.of("/etc/openfaas-secret/user"),
                    Path.of("/etc/openfaas-secret/password")),
                new ImageSettings(
                    null, null, null, Set.of(), Set.of(), null, 524_288_000, ProxySettings.NONE),
                new ChainSettings("", "", "", "", null),
                null,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                new StorageSettings.Disk(null),
                new RedisSettings(null, null, null, false, null, null, null),
                new LedgerSettings.File(),
                new ProcessorSettings(
                    Duration.ofSeconds(20), null, null, new LaunchSettings.InProcess()),
                false,
                "contract-job",
                "info"));
  }

  @Test
  void readsEverything() {
    assertThat(OTHER.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Setting.values()).map(Setting::name).toList());
    assertThat(Settings.read(OTHER, HOME))
        .isEqualTo(
            new Settings(
                HOME,
                Path.of("/var/lib/cb"),
                new GatewaySettings(
                    URI.create("http://gateway.openfaas:8080"),
                    Path.of("/run/user"),
                    Path.of("/run/password")),
                new ImageSettings(
                    "registry.local:5000",
                    "chain",
                    Path.of("/run/secrets.json"),
                    Set.of("registry.local:5000", "127.0.0.1:5001"),
                    Set.of("10.0.0.0/8", "registry.local", "::1"),
                    Path.of("/"),
                    1L << 30,
                    new ProxySettings(
                        new ProxySettings.Proxy("proxy.corp", 3128, "joe", new Secret("a:b%")),
                        new ProxySettings.Proxy("::1", 80, null, null),
                        Set.of("localhost", ".corp", "10.0.0.0/8"))),
                new ChainSettings(
                    "prod",
                    "abc-1",
                    "zPub",
                    "https://chain.example:8443",
                    Path.of("/run/secrets.json")),
                "builtin",
                Duration.ofMinutes(2),
                Duration.ofMinutes(5),
                new StorageSettings.S3(
                    "chain-bucket", URI.create("http://127.0.0.1:9000"), "eu-central-1"),
                new RedisSettings(
                    new RedisSettings.Endpoint("redis.chain", 6380),
                    new RedisSettings.Endpoint("lru.chain", 6400),
                    new RedisSettings.Endpoint("::1", 6380),
                    true,
                    Path.of("/run/ca.pem"),
                    "builder",
                    Path.of("/run/redis-password")),
                new LedgerSettings.Http(
                    URI.create("https://other.chain"),
                    "contracts",
                    "KEY_1",
                    Path.of("/run/ledger-key")),
                new ProcessorSettings(
                    Duration.ofSeconds(30),
                    new ProcessorSettings.Address("::1", 9464),
                    Path.of("/run/status-token"),
                    new LaunchSettings.Kubernetes(
                        Path.of("/run/pod.yaml"),
                        "jobs",
                        Duration.ofMinutes(2),
                        Duration.ofHours(1))),
                true,
                "builder",
                "debug"));
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void takesAnEmptyVariableAsNone(Setting setting) {
    assertThat(Settings.read(with(LEAST, setting.name(), ""), HOME))
        .isEqualTo(Settings.read(LEAST, HOME));
  }

  @ParameterizedTest
  @CsvSource({
    "/data,/home/me,/data/contract-builder",
    "data,/home/me,/home/me/.local/share/contract-builder",
    "'',/home/me,/home/me/.local/share/contract-builder",
    "/data,'',/data/contract-builder"
  })
  void putsTheStateWhereTheDesktopsStandardSays(String data, String home, Path state) {
    var settings = Settings.read(Map.of("XDG_DATA_HOME", data, "HOME", home), HOME);
    assertThat(settings.state()).isEqualTo(state);
  }

  @Test
  void needsAStateOnlyWhereSomethingIsKeptInIt() {
    var settings = Settings.read(Map.of(), HOME);
    assertThat(settings.stateFolder()).isNull();
    assertThatThrownBy(settings::state)
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("CONTRACT_BUILDER_STATE: found nothing, and no HOME either");
  }

  @Test
  void makesRelativePathsAbsolute() {
    var settings = Settings.read(Map.of("CONTRACT_BUILDER_STATE", "a/../b"), HOME);
    assertThat(settings.state()).isEqualTo(Path.of("b").toAbsolutePath());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CONTRACT_BUILDER_WATCHDOG|Not An Image",
        "CONTRACT_BUILDER_READY_TIMEOUT|60",
        "CONTRACT_BUILDER_READY_TIMEOUT|0s",
        "CONTRACT_BUILDER_READY_TIMEOUT|25h",
        "CONTRACT_BUILDER_READY_TIMEOUT|-1s",
        "CONTRACT_BUILDER_READY_TIMEOUT|1.5s",
        "CONTRACT_BUILDER_READY_TIMEOUT|99999999999999999999s",
        "CONTRACT_BUILDER_IMAGE_LIMIT|0",
        "CONTRACT_BUILDER_IMAGE_LIMIT|500MB",
        "CONTRACT_BUILDER_IMAGE_LIMIT|999999999999999Gi",
        "CONTRACT_BUILDER_PLAIN_HTTP|http://registry",
        "CONTRACT_BUILDER_PLAIN_HTTP|10.0.0.0/8",
        "CONTRACT_BUILDER_ALLOWED_ADDRESSES|10.0.0.0/33",
        "CONTRACT_BUILDER_ALLOWED_ADDRESSES|10.0/8",
        "CONTRACT_BUILDER_ALLOWED_ADDRESSES|::1/129",
        "CONTRACT_BUILDER_ALLOWED_ADDRESSES|registry/8",
        "CONTRACT_BUILDER_CERTS|/no/such/folder",
        "FAAS_GATEWAY|gateway:8080",
        "FAAS_GATEWAY|ftp://gateway",
        "FAAS_GATEWAY|http://",
        "FAAS_GATEWAY|http://gateway?a=b",
        "FAAS_GATEWAY|http://gateway#a",
        "FAAS_GATEWAY|http://gateway:99999",
        "FAAS_GATEWAY|http://ga teway",
        "FAAS_REGISTRY|https://registry",
        "FAAS_REGISTRY|registry/path",
        "FAAS_REGISTRY|registry:0",
        "FAAS_REGISTRY|registry:70000",
        "FAAS_REGISTRY|[::zz]:5000",
        "STORAGE_TYPE|DISK",
        "CONTRACT_BUILDER_TIMEOUT|0s",
        "CONTRACT_BUILDER_STOP_LIMIT|20",
        "CONTRACT_BUILDER_LAUNCH|Kubernetes",
        "CONTRACT_BUILDER_JOB_NAMESPACE|Jobs",
        "CONTRACT_BUILDER_JOB_START_LIMIT|0s",
        "CONTRACT_BUILDER_JOB_TTL|1",
        "CONTRACT_BUILDER_LISTEN|9464",
        "CONTRACT_BUILDER_LISTEN|host",
        "CONTRACT_BUILDER_LISTEN|host:0",
        "CONTRACT_BUILDER_S3_ENDPOINT|127.0.0.1:9000",
        "AWS_REGION|eu central",
        "REDIS_ENDPOINT|redis://host",
        "REDIS_ENDPOINT|host:0",
        "LRU_REDIS_ENDPOINT|a b",
        "REDISEARCH_ENDPOINT|[::zz]",
        "REDIS_PORT|0",
        "REDIS_PORT|65536",
        "CONTRACT_BUILDER_REDIS_TLS|yes",
        "CONTRACT_BUILDER_LEDGER|Redis",
        "CONTRACT_BUILDER_LEDGER_URL|https://a@b",
        "CONTRACT_BUILDER_LEDGER_TYPE|-a",
        "CONTRACT_BUILDER_LEDGER_KEY_ID|a b",
        "SERVICE|a/b",
        "INTERNAL_ID|-a",
        "INTERNAL_ID|a b",
        "LOG_LEVEL|loud"
      })
  void refusesWithNameValueAndWhatIsAllowed(String name, String value) {
    Setting setting = Setting.valueOf(name);
    violations(with(LEAST, name, value))
        .containsExactly(
            new Violation(
                name,
                setting.secret() ? "something else" : '"' + value + '"',
                setting.allowed().replace("`", "")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Setting.class,
      names = {"CONTRACT_BUILDER_.*", "STORAGE_LOCATION", "STAGE", "INTERNAL_ID", "DRAGONCHAIN_.*"},
      mode = EnumSource.Mode.MATCH_ANY)
  void refusesControlCharactersAndShowsNone(Setting setting) {
    assertThatThrownBy(() -> Settings.read(with(LEAST, setting.name(), "a\u0007b"), HOME))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            setting.name() + ": found " + (setting.secret() ? "something else" : "\"a?b\""));
  }

  @ParameterizedTest
  @CsvSource({
    "CONTRACT_BUILDER_WATCHDOG,/opt/watchdogs",
    "CONTRACT_BUILDER_WATCHDOG,./watchdogs",
    "CONTRACT_BUILDER_WATCHDOG,ghcr.io/openfaas/classic-watchdog:0.3.3",
    "FAAS_REGISTRY,[::1]:5000",
    "FAAS_GATEWAY,https://gateway.example/openfaas",
    "FAAS_GATEWAY,http://127.0.0.1:31112",
    "CONTRACT_BUILDER_ALLOWED_ADDRESSES,127.0.0.1:5000",
    "CONTRACT_BUILDER_ALLOWED_ADDRESSES,fd00::/8"
  })
  void takes(String name, String value) {
    assertThat(Settings.read(with(LEAST, name, value), HOME).toString()).contains(value);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2k,2000", "3M,3000000", "1G,1000000000", "2Ki,2048", "500Mi,524288000"})
  void readsSizes(String text, long bytes) {
    var settings = Settings.read(with(LEAST, "CONTRACT_BUILDER_IMAGE_LIMIT", text), HOME);
    assertThat(settings.images().sizeLimit()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"30s,PT30S", "2m,PT2M", "24h,PT24H"})
  void readsDurations(String text, Duration duration) {
    var settings = Settings.read(with(LEAST, "CONTRACT_BUILDER_READY_TIMEOUT", text), HOME);
    assertThat(settings.readyTimeout()).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({"WARNING,warn", "Critical,error", "trace,trace"})
  void readsTheChainsLogLevels(String text, String level) {
    assertThat(Settings.read(with(LEAST, "LOG_LEVEL", text), HOME).logLevel()).isEqualTo(level);
  }

  @Test
  void reportsEveryMistakeAtOnce() {
    violations(
            Map.of(
                "HOME", "/home/me",
                "STORAGE_TYPE", "s4",
                "LOG_LEVEL", "loud",
                "CONTRACT_BUILDER_PLAIN_HTTP", "a b,c,d e",
                "CONTRACT_BUILDER_STAT", "/x",
                "REGISTRY_USERNAME", "a:b"))
        .extracting(Violation::path)
        .containsExactlyInAnyOrder(
            "STORAGE_TYPE",
            "LOG_LEVEL",
            "CONTRACT_BUILDER_PLAIN_HTTP",
            "CONTRACT_BUILDER_PLAIN_HTTP",
            "CONTRACT_BUILDER_STAT",
            "REGISTRY_USERNAME");
  }

  @ParameterizedTest
  @CsvSource({
    "CONTRACT_BUILDER_STAT,CONTRACT_BUILDER_STATE",
    "CONTRACT_BUILDER_WATCHDOGS,CONTRACT_BUILDER_WATCHDOG",
    "CONTRACT_BUILDER_CERT,CONTRACT_BUILDER_CERTS",
    "CONTRACT_BUILDER_READYTIMEOUT,CONTRACT_BUILDER_READY_TIMEOUT",
    "CONTRACT_BUILDER_watchdog,CONTRACT_BUILDER_WATCHDOG",
    "CONTRACT_BUILDER_GATEWAY_PASSWORD,CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE",
    "CONTRACT_BUILDER_PORTS,CONTRACT_BUILDER_CERTS",
    "CONTRACT_BUILDER_SERVICE,CONTRACT_BUILDER_STATE"
  })
  void suggestsTheNearestNameForAnUnknownOneAndHidesItsValue(String name, String nearest) {
    assertThatThrownBy(() -> Settings.read(with(LEAST, name, "canary"), HOME))
        .hasMessageContaining(name + ": found a setting that does not exist")
        .hasMessageEndingWith("the nearest that does is " + nearest)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONTRACT_BUILDER_SERVICE_HOST",
        "CONTRACT_BUILDER_SERVICE_PORT",
        "CONTRACT_BUILDER_SERVICE_PORT_HTTP",
        "CONTRACT_BUILDER_PORT",
        "CONTRACT_BUILDER_PORT_8080_TCP_ADDR",
        "CONTRACT_BUILDER_PARTS",
        "CONTRACT_BUILDER_VERIFY",
        "CONTRACT_BUILDER_BUILDING",
        "REDIS_PORT",
        "NAMESPACE",
        "EVENT"
      })
  void passesOverWhatOthersSet(String name) {
    assertThat(Settings.read(with(LEAST, name, "tcp://10.0.0.1:8080"), HOME))
        .isEqualTo(Settings.read(LEAST, HOME));
  }

  @Test
  void showsNoGatewaysPassword() {
    assertThatThrownBy(
            () -> Settings.read(with(LEAST, "FAAS_GATEWAY", "http://me:canary@gateway"), HOME))
        .hasMessageContaining("FAAS_GATEWAY: found something else")
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesAHostThatIsTooLong() {
    violations(with(LEAST, "FAAS_REGISTRY", "a.".repeat(60_000) + "a"))
        .extracting(Violation::path)
        .containsExactly("FAAS_REGISTRY");
  }

  @Test
  void wantsAPasswordsFileWithAUser() {
    violations(with(LEAST, "REGISTRY_USERNAME", "chain"))
        .extracting(Violation::path)
        .containsExactly("SECRET_LOCATION");
  }

  @Test
  void wantsABucketForS3() {
    violations(with(LEAST, "STORAGE_TYPE", "s3"))
        .extracting(Violation::path)
        .containsExactly("STORAGE_LOCATION");
    violations(Map.of("STORAGE_TYPE", "s3", "STORAGE_LOCATION", "/a/folder"))
        .extracting(Violation::path)
        .containsExactly("STORAGE_LOCATION");
  }

  @Test
  void wantsAllThatALedgerOverHttpNeeds() {
    violations(with(LEAST, "CONTRACT_BUILDER_LEDGER", "http"))
        .extracting(Violation::path)
        .containsExactlyInAnyOrder(
            "CONTRACT_BUILDER_LEDGER_URL",
            "CONTRACT_BUILDER_LEDGER_TYPE",
            "CONTRACT_BUILDER_LEDGER_KEY_ID",
            "CONTRACT_BUILDER_LEDGER_KEY_FILE");
    violations(with(LEAST, "CONTRACT_BUILDER_LEDGER", "redis"))
        .extracting(Violation::path)
        .containsExactly("REDIS_ENDPOINT");
  }

  @Test
  void ledgersToTheChainsOwnRedisWhereThereIsOne() {
    assertThat(Settings.read(Map.of("REDIS_ENDPOINT", "redis"), HOME).ledger())
        .isEqualTo(new LedgerSettings.Redis());
    assertThat(
            Settings.read(
                    Map.of("REDIS_ENDPOINT", "redis", "CONTRACT_BUILDER_LEDGER", "none"), HOME)
                .ledger())
        .isEqualTo(new LedgerSettings.None());
  }

  @Test
  void anotherKeysPublicIdIsReportedWithAllElseThatIsWrong(@TempDir Path folder)
      throws IOException {
    Path secrets =
        Files.writeString(
            folder.resolve("secrets"),
            "{\"private-key\":\"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"}");
    var environment = new HashMap<>(Map.of("SECRET_LOCATION", secrets.toString()));
    environment.put("DRAGONCHAIN_ID", "another");
    assertThatThrownBy(() -> Settings.read(environment, HOME).chain().publicId())
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("DRAGONCHAIN_ID", "another");

    environment.put("LOG_LEVEL", "loud");
    violations(environment)
        .extracting(Violation::path)
        .containsExactlyInAnyOrder("LOG_LEVEL", "DRAGONCHAIN_ID");
  }

  private static ListAssert<Violation> violations(Map<String, String> environment) {
    return assertThatThrownBy(() -> Settings.read(environment, HOME))
        .isInstanceOf(InvalidInput.class)
        .extracting(e -> List.copyOf(((InvalidInput) e).violations()))
        .asInstanceOf(InstanceOfAssertFactories.list(Violation.class));
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    var changed = new HashMap<>(environment);
    changed.put(name, value);
    return changed;
  }

  @Test
  void takesProxiesInLowerCaseWhereTheyAreNotSetInUpperCase() {
    var environment =
        Map.of(
            "HOME", "/home/me",
            "https_proxy", "http://lower:1",
            "http_proxy", "lower:2",
            "HTTP_PROXY", "upper:3",
            "no_proxy", "*");
    assertThat(Settings.read(environment, HOME).images().proxies())
        .isEqualTo(
            new ProxySettings(
                new ProxySettings.Proxy("lower", 1, null, null),
                new ProxySettings.Proxy("upper", 3, null, null),
                Set.of("*")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://proxy:1080",
        "https://proxy",
        "http://canary@",
        "http://proxy/path",
        "http://proxy:99999",
        "http://proxy?a=b"
      })
  void refusesOtherProxiesWithoutShowingThem(String proxy) {
    assertThatThrownBy(() -> Settings.read(with(LEAST, "HTTPS_PROXY", proxy), HOME))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining(proxy);
  }
}
