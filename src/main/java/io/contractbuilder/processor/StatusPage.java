package io.contractbuilder.processor;

import static io.contractbuilder.processor.Html.element;

import io.contractbuilder.queue.QueueOverview;
import io.contractbuilder.queue.QueueState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * A processor's status for people: one document without script, form, link or any other file. What
 * others wrote is text in it.
 */
final class StatusPage {
  private static final String STYLE = style();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What a browser may do with it: show it in this style, and nothing else. */
  static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private StatusPage() {}

  static String of(ProcessorStatus status) {
    String state = status.problem() == null ? "ready" : "not ready";
    return "<!doctype html>"
        + element(
                "html lang=\"en\"",
                element(
                    "head",
                    new Html(
                        """
                        <meta charset="utf-8">\
                        <meta name="viewport" content="width=device-width, initial-scale=1">\
                        <meta http-equiv="refresh" content="10">\
                        """),
                    element("title", "Contract Builder: " + state),
                    element("style", new Html(STYLE))),
                element("body", element("main", main(status, state))))
            .markup()
        + "\n";
  }

  private static Html main(ProcessorStatus status, String state) {
    String problem = status.problem();
    QueueOverview queue = status.queue();
    Html trouble =
        problem == null ? Html.all(List.of()) : element("p class=\"problem bad\"", problem);
    return Html.all(
        List.of(
            element(
                "header",
                element("h1", "Contract Builder"),
                element("span class=\"pill " + (problem == null ? "good" : "bad") + '"', state)),
            trouble,
            queue == null ? Html.all(List.of()) : queue(queue),
            element("footer", "Asked of process " + status.worker() + at(queue))));
  }

  private static String at(@org.jspecify.annotations.Nullable QueueOverview queue) {
    return queue == null
        ? "."
        : " at " + TIME.format(queue.now()) + " UTC. Asked again every 10 s.";
  }

  private static Html queue(QueueOverview queue) {
    return Html.all(
        List.of(
            numbers(queue.state()),
            failed(queue),
            table(
                "Running",
                queue.state().running(),
                queue.running(),
                "Nothing is running.",
                List.of(
                    new Column<>("Contract", running -> contract(running.task())),
                    new Column<>("Action", running -> action(running.task())),
                    new Column<>("Step", StatusPage::step),
                    new Column<>("For", running -> shortly(since(running.since(), queue.now()))),
                    new Column<>("Process", running -> Html.text(running.worker())))),
            table(
                "Tried again later",
                queue.state().paused(),
                queue.paused(),
                "No contract waits for another try.",
                List.of(
                    new Column<>("Contract", paused -> contract(paused.task())),
                    new Column<>("Action", paused -> action(paused.task())),
                    new Column<>("In", paused -> shortly(since(queue.now(), paused.due()))),
                    new Column<>("Tries", paused -> shortly("" + paused.task().attempts())),
                    new Column<>("Because", paused -> Html.text(paused.reason())))),
            table(
                "Waiting",
                queue.state().waiting(),
                queue.waiting(),
                "Nothing is waiting.",
                List.of(
                    new Column<>("Contract", StatusPage::contract),
                    new Column<>("Action", StatusPage::action),
                    new Column<>("For", task -> shortly(since(task.arrived(), queue.now())))))));
  }

  private static Html numbers(QueueState state) {
    return element(
        "dl class=\"numbers\"",
        number("Waiting", "" + state.waiting(), false),
        number("Oldest waits for", duration(state.oldest()), false),
        number("Running", "" + state.running(), false),
        number("Tried again later", "" + state.paused(), false),
        number("Failed for good", "" + state.dead(), state.dead() > 0),
        number("Processes", "" + state.workers(), false));
  }

  private static Html number(String name, String value, boolean bad) {
    return element(bad ? "div class=\"bad\"" : "div", element("dt", name), element("dd", value));
  }

  private static Html failed(QueueOverview queue) {
    if (queue.dead().isEmpty()) {
      return Html.all(List.of());
    }
    List<Html> letters = queue.dead().stream().map(StatusPage::letter).toList();
    return Html.all(
        List.of(
            heading("Failed for good", queue.state().dead(), letters.size()),
            element("ul class=\"failed\"", Html.all(letters))));
  }

  private static Html letter(QueueOverview.Dead dead) {
    QueueOverview.Task task = dead.task();
    long number = task.number();
    return element(
        "li",
        element(
            "p class=\"head\"",
            element("strong", "Task " + number),
            Html.text(" at " + TIME.format(dead.failed()) + " UTC: "),
            action(task),
            Html.text(" of "),
            contract(task)),
        element("p", dead.reason()),
        element(
            "p class=\"todo\"",
            Html.text("When its cause is removed: "),
            element("code", "contract-builder queue retry " + number),
            Html.text(". To see it: "),
            element("code", "contract-builder queue show " + number),
            Html.text(". To give it up: "),
            element("code", "contract-builder queue drop " + number)));
  }

  private record Column<T>(String name, Function<T, Html> cell) {
    Html of(T row) {
      return element("td data-name=\"" + name + '"', element("span", cell.apply(row)));
    }
  }

  private static <T> Html table(
      String title, long all, List<T> rows, String none, List<Column<T>> columns) {
    Html heading = heading(title, all, rows.size());
    if (rows.isEmpty()) {
      return Html.all(List.of(heading, element("p class=\"none\"", none)));
    }
    var names = columns.stream().map(column -> element("th scope=\"col\"", column.name())).toList();
    var lines =
        rows.stream()
            .map(row -> element("tr", Html.all(columns.stream().map(c -> c.of(row)).toList())))
            .toList();
    return Html.all(
        List.of(
            heading,
            element(
                "table",
                element("thead", element("tr", Html.all(names))),
                element("tbody", Html.all(lines)))));
  }

  private static Html heading(String title, long all, int shown) {
    return shown == 0 || all <= shown
        ? element("h2", title)
        : element("h2", Html.text(title), element("small", shown + " of " + all));
  }

  private static Html contract(QueueOverview.Task task) {
    if (task.contract().isEmpty() && task.type().isEmpty()) {
      return Html.text("a contract that it does not name");
    }
    return Html.all(
        List.of(
            Html.text(task.type().isEmpty() ? "type not known" : task.type()),
            element("span class=\"id\"", task.contract())));
  }

  private static Html action(QueueOverview.Task task) {
    return Html.text(task.action().isEmpty() ? "unknown action" : task.action());
  }

  private static Html step(QueueOverview.Running running) {
    return running.step().isEmpty()
        ? Html.text("–")
        : element("span class=\"step\"", running.step());
  }

  private static Html shortly(String text) {
    return element("span class=\"short\"", text);
  }

  private static String since(Instant from, Instant to) {
    return duration(Duration.between(from, to));
  }

  /** In its two largest units. */
  static String duration(Duration duration) {
    long s = Math.max(0, duration.toSeconds());
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return s / 60 + " min " + s % 60 + " s";
    }
    return s < 86_400
        ? s / 3600 + " h " + s % 3600 / 60 + " min"
        : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
  }

  private static String style() {
    try (InputStream in = StatusPage.class.getResourceAsStream("status.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
