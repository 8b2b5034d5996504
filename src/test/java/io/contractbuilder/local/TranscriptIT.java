package io.contractbuilder.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.local.LocalPlatformIT.RealParts;
import io.contractbuilder.openfaas.Transcript;
import io.contractbuilder.openfaas.Transcript.Call;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The captured calls to a real gateway with faasd that need a running function, in their order,
 * against ours. Those before the first function are in {@code TranscriptTest}.
 */
class TranscriptIT {
  private static final List<String> FILES =
      List.of(
          "2-functions.txt",
          "3-update.txt",
          "4-redeploy.txt",
          "5-broken-images-and-watchdogs.txt",
          "6-namespaces-scale-update-failures.txt",
          "7-private-registries.txt",
          "8-gateway-edge-cases.txt",
          "9-concurrent-calls.txt");

  /** What is not played: calls as {@code file title}, and why. */
  private static final Map<String, String> NOT_PLAYED =
      Map.of(
          "2 list", "the capture has no answer; file 3 has one",
          "5 (?!(deploy|status|invoke|logs) ofcat|health #5).*",
              "a refused image leaves nothing here: no status, no retry, no second refusal",
          "6 (namespace.*|status g1 default ns|delete g1 ns only in query)",
              "there is one namespace, the functions' own",
          "7 .*", "images come through the program's own reader, with its credentials",
          "8 .*", "gateway and provider are one process: neither is down alone",
          "9 .*", "an update keeps the former version serving: it has no such windows");

  /** Where ours differs on purpose: status, and what is in the body. */
  private static final Map<String, Expected> DIFFERENT =
      Map.of(
          // faasd cannot replace a task that outlives the grace it gives; ours serves anew.
          "3 update ok (new env)", new Expected(200, ""),
          "3 status", new Expected(200, "\"X\":\"1\""),
          "3 invoke env", new Expected(200, "X=1\n"),
          // faasd has removed the former version by then.
          "3 status after", new Expected(200, "\"X\":\"1\""),
          "4 status after failed update", new Expected(200, "\"X\":\"a b\""),
          // faasd answers and leaves the one replica.
          "6 status g1 ns2 #2", new Expected(200, "\"annotations\":{},\"createdAt\""),
          "6 status ofcat after failed pull", new Expected(200, "\"availableReplicas\":1"));

  /** Where the reason goes on in words of containerd and runc. */
  private static final Map<String, String> SAME_BEGINNING =
      Map.of(
          "3 update missing secret", "unable to find secret: missing",
          "4 update missing secret", "unable to find secret: missing",
          "6 update pull failure", "unable to pull image 127.0.0.1:5000/t/nope:9: cannot pull: ");

  /** What is the caller's and the host's is left out. */
  private static final List<String> IN_THE_ENVIRONMENT =
      List.of(
          "PATH=",
          "fprocess=env",
          "X=a b",
          "Http_Method=POST",
          "Http_Query=q=1",
          "Http_Path=/some/path",
          "Http_X_Call_Id=",
          "Http_X_Start_Time=");

  private record Expected(int status, String body) {}

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"bwrap", "runc"})
  void answersAreThoseOfTheTranscripts(String runtime) throws Exception {
    RealParts.assumeThere(runtime);
    TarImages images = new TarImages();
    String image = image(images);
    var softly = new SoftAssertions();
    Set<String> played = new HashSet<>();
    try (LocalPlatform platform =
            LocalPlatform.start(
                RealParts.options(temp.resolve("state"), runtime),
                images,
                r -> null,
                System.getenv());
        PlatformClient client = PlatformClient.of(platform)) {
      client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}");
      for (Map.Entry<String, Call> call : calls().entrySet()) {
        if (NOT_PLAYED.keySet().stream().noneMatch(call.getKey()::matches)) {
          play(softly, client, call.getKey(), call.getValue(), image);
          played.add(call.getKey());
        }
      }
    }
    softly.assertAll();
    assertThat(played).hasSizeGreaterThan(40).containsAll(DIFFERENT.keySet());
    assertThat(played).containsAll(SAME_BEGINNING.keySet());
    for (String calls : NOT_PLAYED.keySet()) {
      assertThat(calls().keySet()).as(calls).anyMatch(key -> key.matches(calls));
    }
  }

  private static String image(TarImages images) throws IOException {
    var files = new TreeMap<>(Map.of("usr/bin/fwatchdog", RealParts.watchdog()));
    for (String command : List.of("busybox", "cat", "env")) {
      files.put("bin/" + command, RealParts.busybox());
    }
    return images.add(files, List.of("/usr/bin/fwatchdog"), List.of("PATH=/bin", "fprocess=cat"));
  }

  /** All calls by file and title, with a number where a file has a title again. */
  private static Map<String, Call> calls() {
    var calls = new LinkedHashMap<String, Call>();
    for (String file : FILES) {
      var times = new HashMap<String, Integer>();
      List<Call> all = new ArrayList<>(Transcript.of(file).calls());
      if (file.equals(FILES.getFirst())) {
        while (!all.getFirst().title().equals("deploy ok")) {
          all.removeFirst();
        }
      }
      for (Call call : all) {
        int time = times.merge(call.title(), 1, Integer::sum);
        calls.put(file.charAt(0) + " " + call.title() + (time == 1 ? "" : " #" + time), call);
      }
    }
    return calls;
  }

  private static void play(
      SoftAssertions softly, PlatformClient client, String key, Call call, String image)
      throws JsonProcessingException {
    HttpResponse<String> answer =
        client.send(
            call.method(),
            ours(call.path(), image),
            call.body().isEmpty() ? null : ours(call.body(), image));
    String body = answer.body().strip();
    Expected different = DIFFERENT.get(key);
    String beginning = SAME_BEGINNING.get(key);
    String theirs = ours(call.answer().body(), image);
    softly
        .assertThat(answer.statusCode())
        .as(key + ": " + body)
        .isEqualTo(different == null ? call.answer().status() : different.status());
    if (different != null) {
      softly.assertThat(answer.body()).as(key).contains(different.body());
    } else if (beginning != null) {
      softly.assertThat(body).as(key).startsWith(beginning);
      softly.assertThat(theirs).as(key).startsWith(beginning);
    } else if (call.path().contains("/some/path")) {
      softly.assertThat(body.lines()).as(key).allMatch(line -> line.matches("[A-Za-z_0-9]+=.*"));
      softly.assertThat(body).as(key).contains(IN_THE_ENVIRONMENT);
      softly.assertThat(theirs).as(key).contains(IN_THE_ENVIRONMENT);
    } else if (call.path().startsWith("/system/logs") && theirs.startsWith("{")) {
      softly.assertThat(fields(body)).as(key).isEqualTo(fields(theirs));
    } else if (theirs.startsWith("{") || theirs.startsWith("[")) {
      softly.assertThat(lasting(body)).as(key).isEqualTo(lasting(theirs));
    } else {
      softly.assertThat(body).as(key).isEqualTo(theirs);
    }
  }

  /** The image is one of the test's, the namespace is the only one. */
  private static String ours(String text, String image) {
    return text.replaceAll("127\\.0\\.0\\.1:5000/t/(catfn|ofcat):1", image)
        .replaceAll("\\bns2\\b", "openfaas-fn")
        // faasd cuts a value at its second '='.
        .replace("\"A\":\"b\"", "\"A\":\"b=c\"");
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of each line of a log. */
  private static Set<List<String>> fields(String log) throws JsonProcessingException {
    var shapes = new HashSet<List<String>>();
    for (String line : log.lines().toList()) {
      var names = new ArrayList<String>();
      json(line).fieldNames().forEachRemaining(names::add);
      shapes.add(names);
    }
    return shapes;
  }

  /** A description without its time, and without what faasd tells in one place alone, or never. */
  private static JsonNode lasting(String text) throws JsonProcessingException {
    JsonNode tree = json(text);
    for (JsonNode one : tree.isArray() ? tree : Json.array().add(tree)) {
      if (one instanceof ObjectNode description) {
        assertThat(description.path("createdAt").asText()).startsWith("20");
        description.remove(List.of("createdAt", "limits", "readOnlyRootFilesystem"));
        if (tree.isArray()) {
          description.remove("availableReplicas");
        }
      }
    }
    return tree;
  }
}
