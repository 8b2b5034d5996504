package io.contractbuilder.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.local.LocalPlatform;
import io.contractbuilder.local.PlatformClient;
import io.contractbuilder.local.PlatformOptions;
import io.contractbuilder.local.TarImages;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The captured calls to a real gateway with faasd, in their order, against ours. Those that need a
 * running function are in {@code TranscriptIT}.
 */
class TranscriptTest {
  /** Up to the first call that needs a running function. */
  private static final String END = "deploy ok";

  /** Where ours differs on purpose: the title, then status and body of ours. */
  private static final Map<String, Expected> DIFFERENT =
      Map.of(
          // Our provider, our versions.
          "info",
          new Expected(200, "\"provider\":\"contract-builder\""),
          // There is one namespace, whether functions are in it or not.
          "namespaces",
          new Expected(200, "[\"openfaas-fn\"]"),
          // faasd makes a secret in any namespace, where no function can read it.
          "secret bad ns",
          new Expected(400, "namespace not valid"),
          "secret delete name with ns in query",
          new Expected(400, "namespace not valid"),
          "secret delete name with ns in body",
          new Expected(400, "namespace not valid"),
          // No path of the host in an answer.
          "secret delete nonexisting",
          new Expected(500, "remove openfaas-fn/k2: no such file or directory"),
          // The place, not a character of what may be a secret.
          "secret bad json",
          new Expected(500, "invalid JSON: text that is not JSON at line 1"),
          "deploy bad json",
          new Expected(400, "invalid JSON: text that is not JSON at line 1"));

  /** Where the reason is in words of containerd or its registry client: the beginning is equal. */
  private static final Map<String, String> SAME_BEGINNING =
      Map.of(
          "deploy invalid image ref", "invalid reference format: ",
          "deploy image not in registry",
              "unable to pull image 127.0.0.1:5000/t/nope:1: cannot pull: ",
          "deploy registry unreachable", "unable to pull image 127.0.0.1:5999/x:1: cannot pull: ");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @Test
  void answersAreThoseOfTheTranscripts() throws IOException {
    List<Call> calls = new ArrayList<>(calls("1-info-and-secrets.txt"));
    calls.addAll(calls("2-functions.txt"));
    Set<String> played = new HashSet<>();
    try (LocalPlatform platform = platform();
        PlatformClient client = PlatformClient.of(platform)) {
      for (Call call : calls) {
        if (call.title().equals(END)) {
          break;
        }
        check(client, call);
        played.add(call.title());
      }
    }
    assertThat(played).hasSizeGreaterThan(33).containsAll(DIFFERENT.keySet());
    assertThat(played).containsAll(SAME_BEGINNING.keySet());
  }

  @Test
  void edgesAreThoseOfTheTranscripts() throws IOException {
    Set<String> wanted =
        Set.of(
            "bad method",
            "delete no body",
            "delete empty name",
            "bad fn name path",
            "scale nonexist",
            "async (no nats)",
            "logs nonexisting",
            "logs no name",
            "list bad ns",
            "status bad ns");
    List<Call> calls = new ArrayList<>(calls("2-functions.txt"));
    calls.addAll(calls("3-update.txt"));
    calls.addAll(calls("6-namespaces-scale-update-failures.txt"));
    List<Call> chosen = calls.stream().filter(c -> wanted.contains(c.title())).toList();
    assertThat(chosen.stream().map(Call::title)).containsExactlyInAnyOrderElementsOf(wanted);
    try (LocalPlatform platform = platform();
        PlatformClient client = PlatformClient.of(platform)) {
      chosen.forEach(call -> check(client, call));
      assertThat(client.send("GET", "/system/logs?name=f1&since=yesterday", null).body())
          .isEqualTo("unknown log request error (422)\n");
    }
  }

  private static void check(PlatformClient client, Call call) {
    HttpResponse<String> answer = send(client, call);
    String ours = answer.body().strip();
    Expected different = DIFFERENT.get(call.title());
    String beginning = SAME_BEGINNING.get(call.title());
    if (different != null) {
      assertThat(answer.statusCode()).as(call.title()).isEqualTo(different.status());
      assertThat(ours).as(call.title()).contains(different.body());
    } else {
      assertThat(answer.statusCode()).as(call.title()).isEqualTo(call.status());
      if (beginning == null) {
        assertThat(ours).as(call.title()).isEqualTo(call.answer());
      } else {
        assertThat(ours).as(call.title()).startsWith(beginning);
        assertThat(call.answer()).as(call.title()).startsWith(beginning);
      }
    }
  }

  private static HttpResponse<String> send(PlatformClient client, Call call) {
    String body = call.body().isEmpty() ? null : call.body();
    return switch (call.title()) {
      case "info unauth", "healthz (no auth needed)" ->
          client.send(call.method(), call.path(), body, null);
      case "list wrong pw" -> client.send(call.method(), call.path(), body, "Basic eDp5");
      default -> client.send(call.method(), call.path(), body);
    };
  }

  /** A platform that has no function, so its runtime never runs. */
  private LocalPlatform platform() throws IOException {
    Path programs = Files.createDirectories(temp.resolve("bin"));
    Path runtime = programs.resolve("bwrap");
    Files.writeString(runtime, "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
    return LocalPlatform.start(
        PlatformOptions.in(temp.resolve("state")).withRuntime("bwrap"),
        new TarImages(),
        r -> null,
        Map.of("PARTS_BIN", programs.toString()));
  }

  private record Expected(int status, String body) {}

  private record Call(
      String title, String method, String path, String body, int status, String answer) {}

  private static List<Call> calls(String name) throws IOException {
    String text;
    try (InputStream in = TranscriptTest.class.getResourceAsStream("/openfaas/" + name)) {
      assertThat(in).isNotNull();
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Call> calls = new ArrayList<>();
    for (String part : text.split("(?m)^## ", -1)) {
      String[] lines = part.split("\n", -1);
      if (lines.length < 3 || !lines[1].startsWith("# ") || !lines[2].startsWith("HTTP/1.1 ")) {
        continue;
      }
      String[] request = lines[1].substring(2).split(" ", 3);
      int end = part.indexOf("\n\n");
      String answer = end < 0 ? "" : part.substring(end).replaceAll("(?s)\nreal\t.*", "").strip();
      calls.add(
          new Call(
              lines[0].strip(),
              request[0],
              request[1],
              request.length < 3 ? "" : request[2],
              Integer.parseInt(lines[2].split(" ", -1)[1]),
              answer));
    }
    return calls;
  }
}
