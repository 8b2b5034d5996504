package io.contractbuilder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveSettingsTest {
  @TempDir private Path folder;

  private List<EffectiveSetting> of(Map<String, String> environment) {
    return EffectiveSettings.of(environment, Settings.read(environment, folder));
  }

  private static EffectiveSetting is(String name, String value, String origin) {
    return new EffectiveSetting(name, value, origin);
  }

  @Test
  void saysEverySettingOnceInOrder() {
    assertThat(of(Map.of("HOME", "/home/me")))
        .extracting(EffectiveSetting::name)
        .containsExactlyElementsOf(Arrays.stream(Setting.values()).map(Setting::name).toList());
  }

  @Test
  void saysWhereEachComesFrom() {
    assertThat(
            of(
                Map.of(
                    "HOME", "/home/me",
                    "REDIS_ENDPOINT", "redis.chain",
                    "DRAGONCHAIN_ENDPOINT", "https://me:canary@chain.example",
                    "LOG_LEVEL", "debug")))
        .contains(
            is("LOG_LEVEL", "debug", "environment"),
            is("CONTRACT_BUILDER_LEDGER", "redis", "follows from REDIS_ENDPOINT"),
            is("REDIS_PORT", "6379", "default"),
            is(
                "CONTRACT_BUILDER_STATE",
                "/home/me/.local/share/contract-builder",
                "follows from HOME"),
            is(
                "STORAGE_LOCATION",
                "/home/me/.local/share/contract-builder/storage",
                "follows from CONTRACT_BUILDER_STATE"),
            is("LRU_REDIS_ENDPOINT", "", "default"),
            is("DRAGONCHAIN_ENDPOINT", "https://***@chain.example", "environment"));
  }

  @Test
  void masksWhatIsInFilesAndSaysWhichAreNotThere() throws IOException {
    Path secrets =
        Files.writeString(folder.resolve("secrets.json"), "{\"registry-password\":\"canary\"}");
    Path missing = folder.resolve("none");
    List<EffectiveSetting> all =
        of(
            Map.of(
                "HOME", "/home/me",
                "FAAS_REGISTRY", "registry:5000",
                "REGISTRY_USERNAME", "chain",
                "SECRET_LOCATION", secrets.toString(),
                "CONTRACT_BUILDER_REDIS_PASSWORD_FILE", missing.toString()));
    assertThat(all)
        .contains(
            is("the registry's password", "***", secrets.toString()),
            is("the chain's private key", "", secrets.toString()),
            is("Redis' password", "(it is not there)", missing.toString()));
    assertThat(all.toString()).doesNotContain("canary");
  }

  @Test
  void masksTheUserOfAProxyHoweverItIsWritten() {
    assertThat(
            of(
                Map.of(
                    "HOME", "/home/me",
                    "HTTPS_PROXY", "joe:canary@proxy:3128",
                    "http_proxy", "http://joe:canary@proxy:3128",
                    "no_proxy", ".corp")))
        .contains(
            is("HTTPS_PROXY", "***@proxy:3128", "environment"),
            is("HTTP_PROXY", "http://***@proxy:3128", "follows from http_proxy"),
            is("NO_PROXY", ".corp", "follows from no_proxy"));
  }
}
