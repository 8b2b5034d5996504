package io.contractbuilder.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.queue.QueueOverview;
import io.contractbuilder.queue.QueueOverview.Task;
import io.contractbuilder.queue.QueueState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusPageTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String ID = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";

  private static Task task(long number, String type) {
    return new Task(number, ID, "create", type, NOW.minusSeconds(90), 2);
  }

  private static String page(QueueOverview queue) {
    return StatusPage.of(new ProcessorStatus("w1", null, queue));
  }

  private static QueueOverview full(String hostile) {
    return new QueueOverview(
        NOW,
        new QueueState(1234, 2, 1, 1, 3, 0, Duration.ofSeconds(90)),
        List.of(
            new QueueOverview.Running(task(1, hostile), NOW.minusSeconds(7), "w2", "image"),
            new QueueOverview.Running(task(2, "a"), NOW, "w2", "")),
        List.of(new Task(3, "", hostile, hostile, NOW.minusSeconds(90), 0)),
        List.of(new QueueOverview.Paused(task(4, "b"), NOW.plusSeconds(15), hostile)),
        List.of(new QueueOverview.Dead(task(5, "c"), NOW.minusSeconds(1), hostile)));
  }

  @Test
  void saysWhatGoesOnAndWhatToDo() {
    assertThat(page(full("currency")))
        .contains("<title>Contract Builder: ready</title>")
        .contains("<dt>Oldest waits for</dt><dd>1 min 30 s</dd>")
        .contains("<small>1 of 1234</small>")
        .contains("<span class=\"step\">image</span>", ID, ">7 s<", ">15 s<")
        .contains("Task 5", "2026-01-02 03:04:04 UTC", "contract-builder queue retry 5");
  }

  @Test
  void whatOthersWroteIsText() {
    String page = page(full("</td><script>alert('1')</script>\u202Etxt\u0000\uD800&amp;\""));
    assertThat(page)
        .contains("&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\uFFFDtxt\uFFFD\uFFFD")
        .contains("&amp;amp;&quot;")
        .doesNotContain("<script", "\u202E", "\u0000");
    assertThat(page(full("x".repeat(100_000)))).hasSizeLessThan(40_000);
  }

  @Test
  void saysWhyItIsNotReady() {
    assertThat(StatusPage.of(new ProcessorStatus("w1", "the <queue> is away", null)))
        .contains("Contract Builder: not ready", "the &lt;queue&gt; is away")
        .doesNotContain("<table", "<dl");
  }

  @Test
  void anEmptyQueueIsSaidToBeEmpty() {
    var empty = new QueueState(0, 0, 0, 0, 1, 0, Duration.ZERO);
    assertThat(page(new QueueOverview(NOW, empty, List.of(), List.of(), List.of(), List.of())))
        .contains("Nothing is running.", "Nothing is waiting.")
        .doesNotContain("<table", "Task ");
  }

  @Test
  void theBrowserMayUseItsOwnStyleOnly() {
    assertThat(StatusPage.POLICY)
        .startsWith("default-src 'none'; style-src 'sha256-")
        .doesNotContain("unsafe", "http", "*");
    assertThat(page(full("a"))).doesNotContain("http:", "https:", " src=", " href=", " style=");
  }

  @Test
  void timesAreShownInTheirTwoLargestUnits() {
    assertThat(StatusPage.duration(Duration.ofMillis(-5))).isEqualTo("0 s");
    assertThat(StatusPage.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(StatusPage.duration(Duration.ofSeconds(3725))).isEqualTo("1 h 2 min");
    assertThat(StatusPage.duration(Duration.ofHours(50))).isEqualTo("2 d 2 h");
  }
}
