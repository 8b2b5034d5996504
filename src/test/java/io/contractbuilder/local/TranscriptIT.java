package io.contractbuilder.local;

import static io.contractbuilder.local.TranscriptDifferences.DIFFERENT;
import static io.contractbuilder.local.TranscriptDifferences.NOT_PLAYED;
import static io.contractbuilder.local.TranscriptDifferences.SAME_BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import io.contractbuilder.json.MalformedJson;
import io.contractbuilder.local.LocalPlatformIT.RealParts;
import io.contractbuilder.local.TranscriptDifferences.Expected;
import io.contractbuilder.openfaas.Transcript;
import io.contractbuilder.openfaas.Transcript.Call;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

  private static final Pattern IMAGE =
      Pattern.compile("127\\.0\\.0\\.1:500[0-9]/t/(?<name>[a-z]+)(:1|@sha256:[0-9a-f]{64})");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"bwrap", "runc"})
  void answersAreThoseOfTheTranscripts(String runtime) throws Exception {
    RealParts.assumeThere(runtime);
    TarImages images = new TarImages();
    var named = images(images);
    var softly = new SoftAssertions();
    Set<String> played = new HashSet<>();
    LocalPlatform platform = start(runtime, images);
    PlatformClient client = PlatformClient.of(platform);
    try {
      client.send("POST", "/system/secrets", "{\"name\":\"k1\",\"value\":\"v1\"}");
      for (Map.Entry<String, Call> call : calls().entrySet()) {
        String key = call.getKey();
        if (TranscriptDifferences.of(NOT_PLAYED, key) != null) {
          continue;
        }
        if (key.equals("8 after provider restart: status")) {
          client.close();
          platform.close();
          platform = start(runtime, images);
          client = PlatformClient.of(platform);
          // Its functions start when it answers already.
          awaitAnswer(client, "/system/function/r1", "availableReplicas");
        } else if (key.equals("9 GET during PUT")) {
          updateMeanwhile(client, named);
        }
        play(softly, client, key, call.getValue(), named);
        played.add(key);
      }
    } finally {
      client.close();
      platform.close();
    }
    softly.assertAll();
    assertThat(played).hasSizeGreaterThan(100);
    for (String different : DIFFERENT.keySet()) {
      assertThat(played).as(different).anyMatch(key -> key.matches(different));
    }
    for (String calls : NOT_PLAYED.keySet()) {
      assertThat(calls().keySet()).as(calls).anyMatch(key -> key.matches(calls));
    }
  }

  private LocalPlatform start(String runtime, TarImages images) throws IOException {
    PlatformOptions options = RealParts.options(temp.resolve("state"), runtime);
    return LocalPlatform.start(options, images, r -> null, System.getenv());
  }

  private static void awaitAnswer(PlatformClient client, String path, String words)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!client.send("GET", path, null).body().contains(words) && System.nanoTime() < end) {
      Thread.sleep(20); // between two looks
    }
  }

  /** Not waited for: the calls that follow come while it goes on. */
  private static void updateMeanwhile(PlatformClient client, Map<String, String> images) {
    String function = "{\"service\":\"n1\",\"image\":\"" + images.get("catfn") + "\"%s}";
    client.send("POST", "/system/functions", function.formatted(""));
    String changed = function.formatted(",\"envVars\":{\"X\":\"1\"}");
    Thread.ofPlatform().daemon().start(() -> client.send("PUT", "/system/functions", changed));
  }

  /** The capture's images by name, as ours are. */
  private static Map<String, String> images(TarImages images) throws IOException {
    var named = new HashMap<String, String>();
    var watchdog = List.of("/usr/bin/fwatchdog");
    for (String name : List.of("catfn", "ofcat", "cnotmp", "ofnotmp")) {
      named.put(name, image(images, watchdog, "cat"));
    }
    named.put("cuser", image(images, watchdog, "env"));
    for (String name : List.of("cuserg", "cusern")) {
      named.put(name, image(images, watchdog, "id"));
    }
    named.put("scratch", image(images, watchdog, "/usr/bin/fwatchdog -version"));
    named.put("noexec", image(images, List.of("/nonexistent"), "cat"));
    named.put("noentry", image(images, List.of(), "cat"));
    named.put("exit", image(images, List.of("/bin/false"), "cat"));
    return named;
  }

  private static String image(TarImages images, List<String> command, String process)
      throws IOException {
    var files = new TreeMap<>(Map.of("usr/bin/fwatchdog", RealParts.watchdog()));
    for (String program : List.of("busybox", "cat", "env", "id", "false")) {
      files.put("bin/" + program, RealParts.busybox());
    }
    return images.add(files, command, List.of("PATH=/bin", "fprocess=" + process));
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
      SoftAssertions softly,
      PlatformClient client,
      String key,
      Call call,
      Map<String, String> image)
      throws MalformedJson {
    Expected different = TranscriptDifferences.of(DIFFERENT, key);
    String beginning = TranscriptDifferences.of(SAME_BEGINNING, key);
    if (beginning != null && beginning.startsWith("unable to pull")) {
      image = Map.of(); // so that it cannot be had
    }
    HttpResponse<String> answer =
        client.send(
            call.method(),
            ours(call.path(), image),
            call.body().isEmpty() ? null : ours(call.body(), image));
    String body = answer.body().strip();
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
  private static String ours(String text, Map<String, String> images) {
    return IMAGE
        .matcher(text)
        .replaceAll(found -> images.getOrDefault(found.group("name"), found.group()))
        .replaceAll("\\bns2\\b", "openfaas-fn")
        // faasd cuts a value at its second '='.
        .replace("\"A\":\"b\"", "\"A\":\"b=c\"");
  }

  private static JsonNode json(String text) throws MalformedJson {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of each line of a log. */
  private static Set<List<String>> fields(String log) throws MalformedJson {
    var shapes = new HashSet<List<String>>();
    for (String line : log.lines().toList()) {
      var names = new ArrayList<String>();
      json(line).fieldNames().forEachRemaining(names::add);
      shapes.add(names);
    }
    return shapes;
  }

  /** A description without its time, and without what faasd tells in one place alone, or never. */
  private static JsonNode lasting(String text) throws MalformedJson {
    JsonNode tree = json(text);
    for (JsonNode one : tree.isArray() ? tree : Json.array().add(tree)) {
      if (one instanceof ObjectNode description) {
        assertThat(description.path("createdAt").asText()).as(text).startsWith("20");
        description.remove(List.of("createdAt", "limits", "readOnlyRootFilesystem"));
        if (tree.isArray()) {
          description.remove("availableReplicas");
        }
      }
    }
    return tree;
  }
}
