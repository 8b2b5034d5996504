package io.contractbuilder.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.json.Json;
import io.contractbuilder.local.LocalPlatformIT.RealParts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the platform does for functions beside running them: limits, scale, logs, networks. */
@Isolated("limits are measured")
class FunctionCareIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @Test
  void memoryAndCpuAreHeldByRunc() throws Exception {
    TarImages images = new TarImages();
    RealParts.assumeThere("runc");
    try (LocalPlatform platform = start("runc", images);
        PlatformClient client = PlatformClient.of(platform)) {
      String hog = "/bin/busybox dd if=/dev/zero of=/dev/null bs=200M count=1";
      String image = RealParts.image(images, hog);
      deploy(client, "hog", image, hog, Map.of("memory", "600M"));
      assertThat(client.send("POST", "/function/hog", "").statusCode()).isEqualTo(200);
      deploy(client, "held", image, hog, Map.of("memory", "64Mi"));
      assertThat(client.send("POST", "/function/held", "").statusCode()).isEqualTo(500);

      String busy = "/bin/busybox timeout -s KILL 1 /bin/busybox md5sum /dev/zero";
      deploy(client, "slow", image, busy, Map.of("cpu", "200m"));
      client.send("POST", "/function/slow", "");
      assertThat(throttled()).isPositive();
    }
  }

  /** How often a function had to wait because it had used its share. */
  private static long throttled() throws IOException {
    try (Stream<Path> groups = Files.find(Path.of("/sys/fs/cgroup"), 4, (p, a) -> isOurs(p))) {
      long most = 0;
      for (Path group : groups.toList()) {
        for (String line : Files.readAllLines(group)) {
          if (line.startsWith("nr_throttled ")) {
            most = Math.max(most, Long.parseLong(line.substring(13).strip()));
          }
        }
      }
      return most;
    }
  }

  private static boolean isOurs(Path file) {
    return file.endsWith("cpu.stat") && file.toString().contains("/contract-builder-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aFunctionSleepsWakesAndItsLogIsFollowed(String runtime) throws Exception {
    TarImages images = new TarImages();
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      String touch = "/bin/busybox touch /tmp/x";
      deployReadOnly(client, RealParts.image(images, touch), touch);
      assertThat(client.send("POST", "/function/f1", "").statusCode()).isEqualTo(200);
      assertThat(scale(client, 0)).isEqualTo(200);
      assertThat(client.send("GET", "/system/function/f1", null).body())
          .as("OpenFaaS leaves out what is 0")
          .doesNotContain("eplicas");
      assertThat(client.send("POST", "/function/f1", "").statusCode()).as("woken").isEqualTo(200);
      assertThat(scale(client, 3)).isEqualTo(200);
      assertThat(client.send("GET", "/system/function/f1", null).body())
          .contains("\"replicas\":1", "\"availableReplicas\":1");

      try (BufferedReader lines = follow(platform)) {
        client.send("POST", "/function/f1", "");
        assertThat(lines.readLine()).contains("\"name\":\"f1\"");
      }
      assertThatThrownBy(() -> start(runtime, images).close())
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("a platform runs on this state folder already");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void aProgramOnPort8080IsReachedInsteadOfAWatchdog(String runtime) throws Exception {
    TarImages images = new TarImages();
    RealParts.assumeThere(runtime);
    String image =
        images.add(
            Map.of(
                "bin/busybox",
                RealParts.busybox(),
                "www/index.html",
                "plain".getBytes(StandardCharsets.UTF_8),
                "www/_/health",
                "OK".getBytes(StandardCharsets.UTF_8)),
            List.of("/bin/busybox", "httpd", "-f", "-p", "127.0.0.1:8080", "-h", "/www"),
            List.of());
    try (LocalPlatform platform = start(runtime, images);
        PlatformClient client = PlatformClient.of(platform)) {
      deploy(client, "f1", image, "", Map.of());
      assertThat(client.send("GET", "/function/f1/index.html", null).body()).isEqualTo("plain");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "bwrap"})
  void onTheHostsNetworkAFunctionSeesTheHostsInterfaces(String runtime) throws Exception {
    TarImages images = new TarImages();
    RealParts.assumeThere(runtime);
    try (LocalPlatform platform =
            LocalPlatform.start(
                RealParts.options(temp.resolve("state"), runtime).withHostNetwork(true),
                images,
                r -> null,
                System.getenv());
        PlatformClient client = PlatformClient.of(platform)) {
      String show = "/bin/busybox cat /proc/net/dev";
      deploy(client, "f1", RealParts.image(images, show), show, Map.of());
      assertThat(interfaces(client.send("POST", "/function/f1", "").body()))
          .isEqualTo(interfaces(Files.readString(Path.of("/proc/net/dev"))));
    }
  }

  private static List<String> interfaces(String table) {
    return table
        .lines()
        .filter(l -> l.contains(":"))
        .map(l -> l.substring(0, l.indexOf(':')).strip())
        .toList();
  }

  private static BufferedReader follow(LocalPlatform platform) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            platform.gateway().resolve("/system/logs?name=f1&follow=1").toURL().openConnection();
    String login = platform.user() + ":" + platform.password().reveal();
    connection.setRequestProperty(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    connection.setReadTimeout(20_000);
    return new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  private static int scale(PlatformClient client, int replicas) {
    return client
        .send(
            "POST",
            "/system/scale-function/f1",
            "{\"serviceName\":\"f1\",\"replicas\":" + replicas + "}")
        .statusCode();
  }

  private static void deployReadOnly(PlatformClient client, String image, String process) {
    HttpResponse<String> answer =
        client.send(
            "POST",
            "/system/functions",
            Json.text(
                Json.object()
                    .put("service", "f1")
                    .put("image", image)
                    .put("envProcess", process)
                    .put("readOnlyRootFilesystem", true)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void deploy(
      PlatformClient client,
      String name,
      String image,
      String process,
      Map<String, String> limits) {
    var request = Json.object().put("service", name).put("image", image).put("envProcess", process);
    limits.forEach(request.putObject("limits")::put);
    HttpResponse<String> answer = client.send("POST", "/system/functions", Json.text(request));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private LocalPlatform start(String runtime, TarImages images) throws IOException {
    RealParts.assumeThere(runtime);
    return LocalPlatform.start(
        RealParts.options(temp.resolve("state"), runtime), images, r -> null, System.getenv());
  }
}
