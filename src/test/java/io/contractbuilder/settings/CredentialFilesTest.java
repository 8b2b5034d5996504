package io.contractbuilder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialFilesTest {
  private final Path folder;

  CredentialFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private GatewaySettings gateway() {
    return new GatewaySettings(null, folder.resolve("user"), folder.resolve("password"));
  }

  private ImageSettings images(@Nullable String user) {
    return new ImageSettings(
        "registry",
        user,
        folder.resolve("secrets"),
        Set.of(),
        Set.of(),
        null,
        1,
        ProxySettings.NONE);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  @Test
  void readsTheGatewaysFilesAnewWithoutTheirLastLineEnds() throws IOException {
    write("user", "admin\n");
    write("password", " a:b c\r\n");
    assertThat(gateway().credentials())
        .isEqualTo(new GatewayCredentials("admin", new Secret(" a:b c")))
        .asString()
        .contains("***")
        .doesNotContain("a:b");
    write("password", "changed");
    assertThat(gateway().credentials())
        .isEqualTo(new GatewayCredentials("admin", new Secret("changed")));
  }

  @Test
  void hasNoCredentialsWhereThereAreNoFiles() {
    assertThat(gateway().credentials()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "password"})
  void wantsBothFilesOrNone(String only) throws IOException {
    write(only, "canary");
    assertThatThrownBy(() -> gateway().credentials())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("is not there, but")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b"})
  void refusesAUserThatCannotBeSent(String user) throws IOException {
    write("user", user);
    write("password", "canary");
    assertThatThrownBy(() -> gateway().credentials())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("is empty or has a colon in it")
        .hasMessageNotContaining("canary");
  }

  @Test
  void saysThatAFileCannotBeRead() throws IOException {
    Files.createDirectory(folder.resolve("user"));
    assertThatThrownBy(() -> gateway().credentials())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(folder.resolve("user") + ": it cannot be read");
  }

  @Test
  void readsTheRegistrysPasswordAnew() throws IOException {
    write("secrets", "{\"private-key\":\"k\",\"registry-password\":\"one\"}");
    assertThat(images("chain").password()).isEqualTo(new Secret("one"));
    write("secrets", "{\"registry-password\":\"two\"}");
    assertThat(images("chain").password()).isEqualTo(new Secret("two"));
  }

  @Test
  void readsNoPasswordForNobody() {
    assertThat(images(null).password()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "[\"canary\"]",
        "{\"registry-password\":[\"canary\"]}",
        "{\"other\":\"canary\"}",
        "{\"registry-password\":\"canary\",\"registry-password\":\"canary\"}"
      })
  void saysWhatIsWrongWithTheSecretsWithoutShowingThem(String text) throws IOException {
    write("secrets", text);
    assertThatThrownBy(() -> images("chain").password())
        .isInstanceOf(SettingsException.class)
        .hasNoCause()
        .hasMessageContaining("read the credentials in " + folder.resolve("secrets"))
        .hasMessageNotContaining("canary");
  }

  @Test
  void saysThatTheSecretsAreNotThere() {
    assertThatThrownBy(() -> images("chain").password())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it is not there");
  }
}
