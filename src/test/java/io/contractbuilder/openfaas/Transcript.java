package io.contractbuilder.openfaas;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls to a real gateway and its answers, as they were captured (the files {@code openfaas/*.txt}
 * of the test resources).
 */
public final class Transcript {
  private static final Pattern CALL =
      Pattern.compile("# (?<method>[A-Z]+) (?<path>\\S+)(?: (?<body>.*))?");
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (?<status>[0-9]{3}) .*");

  /** After the body, by who captured it: polls, how long it took, the statuses of more calls. */
  private static final Pattern NOTE = Pattern.compile("\\+ |real\t|--- |bg |[0-9]{3}( [0-9]{3})+$");

  private static final String CONTENT_TYPE = "Content-Type: ";

  private final String name;
  private final List<Call> calls;

  /**
   * One call.
   *
   * @param title what it shows, in the transcript's words
   * @param answer as it came; {@link FaultyGateway.Answer#NONE} where the connection was closed
   */
  public record Call(
      String title, String method, String path, String body, FaultyGateway.Answer answer) {}

  private Transcript(String name, List<Call> calls) {
    this.name = name;
    this.calls = calls;
  }

  /** Reads a file; what is in it beside calls is left out. */
  public static Transcript of(String name) {
    try (InputStream in = Transcript.class.getResourceAsStream("/openfaas/" + name)) {
      if (in == null) {
        throw new AssertionError("no transcript " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Call> calls = new ArrayList<>();
      for (String part : text.split("(?m)^## ", -1)) {
        call(part, calls);
      }
      return new Transcript(name, List.copyOf(calls));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void call(String part, List<Call> calls) {
    List<String> lines = part.lines().toList();
    Matcher call = CALL.matcher(lines.size() < 3 ? "" : lines.get(1));
    if (!call.matches()) {
      return;
    }
    String title = lines.getFirst().replaceFirst("\\s+\\(after [0-9.]+ s\\)$", "").strip();
    String body = call.group("body") == null ? "" : call.group("body");
    FaultyGateway.Answer answer = answer(lines.subList(2, lines.size()));
    calls.add(new Call(title, call.group("method"), call.group("path"), body, answer));
  }

  private static FaultyGateway.Answer answer(List<String> lines) {
    Matcher status = STATUS.matcher(lines.getFirst());
    if (!status.matches()) {
      return FaultyGateway.Answer.NONE;
    }
    int end = Math.max(1, lines.indexOf(""));
    String type =
        lines.subList(1, end).stream()
            .filter(line -> line.startsWith(CONTENT_TYPE))
            .map(line -> line.substring(CONTENT_TYPE.length()))
            .findFirst()
            .orElse("");
    List<String> body =
        lines.subList(end, lines.size()).stream()
            .takeWhile(line -> !NOTE.matcher(line).lookingAt())
            .toList();
    return new FaultyGateway.Answer(
        Integer.parseInt(status.group("status")), type, String.join("\n", body).strip());
  }

  public List<Call> calls() {
    return calls;
  }

  /** The answer to the first call of this title. */
  FaultyGateway.Answer answer(String title) {
    return answer(title, 0);
  }

  /** The answer to a call of this title, where several have it. */
  FaultyGateway.Answer answer(String title, int which) {
    return calls.stream()
        .filter(call -> call.title().equals(title))
        .skip(which)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no \"" + title + "\" in " + name))
        .answer();
  }
}
