package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTaskViolationsTest {
  private static final String CANARY = "c4n4ry";

  static Stream<Object[]> noTasks() {
    return Stream.of(
        new Object[] {"", "found nothing; allowed: one task in JSON"},
        new Object[] {" ", "found something else than an object"},
        new Object[] {"null", "found something else than an object"},
        new Object[] {"[" + Events.CREATE + "]", "found something else than an object"},
        new Object[] {"\"" + CANARY + "\"", "found something else than an object"},
        new Object[] {CANARY, "found text that is not JSON at line 1, column 1;"},
        new Object[] {
          Events.CREATE.replace("30,", "30,}" + CANARY), "found text that is not JSON at line 1"
        },
        new Object[] {Events.CREATE + " " + CANARY, "found text that is not JSON at line 1"},
        new Object[] {Events.CREATE + Events.CREATE, "found text that is not JSON at line 1"},
        new Object[] {
          "{\"secrets\":{\"a\":\"" + CANARY + "\n\"}}", "found text that is not JSON at line 1"
        },
        new Object[] {
          "{\"" + CANARY + "\":1,\n\"" + CANARY + "\":2}", "found a key that stands twice at line 2"
        },
        new Object[] {
          Events.CREATE.replace("\"RATE\":\"3\"", "\"RATE\":\"3\",\"RATE\":\"3\""),
          "found a key that stands twice"
        },
        new Object[] {"[".repeat(100_000), "found text that is not JSON"},
        new Object[] {"{\"a\":" + "1".repeat(5000) + "}", "found text that is not JSON"});
  }

  @ParameterizedTest
  @MethodSource("noTasks")
  void saysWhatIsNoTaskAtAll(String event, String message) {
    assertThatThrownBy(() -> read(event.getBytes(UTF_8)))
        .isInstanceOf(InvalidInput.class)
        .hasNoCause()
        .hasMessageContaining("$: " + message)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    byte[] latin = Events.CREATE.replace("s3cr3t", CANARY + "é").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> read(latin))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("$: found text that is not UTF-8")
        .hasMessageNotContaining(CANARY);
  }

  /** The field, its JSON, the path of its one violation, and part of what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "version|\"2\"|$.version|found \"2\"; allowed: \"1\"",
        "version|1|$.version|found a number; allowed: a string",
        "version|null|$.version|found nothing; allowed: \"1\"",
        "task_type|\"destroy\"|$.task_type|allowed: \"create\", \"update\" or \"delete\"",
        "task_type|null|$.task_type|found nothing",
        "task_type|{}|$.task_type|found an object; allowed: a string",
        "id|null|$.id|found nothing; allowed: a UUID of version 4",
        "id|7|$.id|found a number",
        "id|\"\"|$.id|found \"\"",
        "id|\"../../etc\"|$.id|allowed: a UUID of version 4",
        "id|\"8F5F1A3C-0A4E-4A55-9F0B-6C0F9A1A2B3C\"|$.id|lower case",
        "id|\"8f5f1a3c-0a4e-1a55-9f0b-6c0f9a1a2b3c\"|$.id|version 4",
        "id|\"8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c\\n\"|$.id|version 4",
        "txn_type|null|$.txn_type|found nothing",
        "txn_type|\"a\"|$.txn_type|2 to 20 letters",
        "txn_type|\"-ab\"|$.txn_type|beginning with a letter or digit",
        "txn_type|\"a b\"|$.txn_type|found \"a b\"",
        "txn_type|\"ab\\n\"|$.txn_type|found \"ab?\"",
        "txn_type|\"aaaaaaaaaaaaaaaaaaaaa\"|$.txn_type|2 to 20",
        "txn_type|\"caf\\u00e9\"|$.txn_type|2 to 20",
        "image|null|$.image|found nothing; allowed: an image reference",
        "image|\"\"|$.image|allowed: [registry",
        "image|\"UPPER\"|$.image|allowed: [registry",
        "image|\"https://docker.io/a\"|$.image|allowed: [registry",
        "image|\"a@sha256:12\"|$.image|allowed: [registry",
        "image|\"a:b c\"|$.image|allowed: [registry",
        "image|\"oci:/etc:a\"|$.image|an image in a registry",
        "image|\"me:c4n4ry@docker.io/a:1\"|$.image|found \"***@docker.io/a:1\"; allowed: [registry",
        "image|\"A:b@sha256:12\"|$.image|found \"A:b@sha256:12\"",
        "image|[]|$.image|found an array; allowed: a string",
        "auth|{}|$.auth|found an object; allowed: a string",
        "auth|\"***\"|$.auth|base64 of user:password",
        "auth|\"bm9jb2xvbg==\"|$.auth|base64 of user:password",
        "auth|\"OnBhc3N3b3Jk\"|$.auth|base64 of user:password",
        "auth|\"dXNlcjpwYXNzCg==\"|$.auth|a line end too",
        "auth|\"dXNlcjr/\"|$.auth|base64 of user:password",
        "auth|\"\"|$.auth|base64 of user:password",
        "cmd|null|$.cmd|found nothing; allowed: the command",
        "cmd|\"\"|$.cmd|found \"\"; allowed: not empty",
        "cmd|\"a\\u0000b\"|$.cmd|found \"a?b\"; allowed: not empty; text without NUL",
        "cmd|[\"a\"]|$.cmd|found an array",
        "cmd|\"a\\ud800b\"|$.cmd|found half of a character",
        "args|\"a b\"|$.args|found a string; allowed: an array of strings, or null",
        "args|[\"a\",null]|$.args[1]|found null; allowed: a string",
        "args|[[\"a\"]]|$.args[0]|found an array",
        "args|[\"a\",\"b\\u0000\"]|$.args[1]|found \"b?\"; allowed: text without NUL",
        "args|[\"\\udc00\\ud800\"]|$.args[0]|found half of a character",
        "env|[]|$.env|found an array; allowed: an object whose values are strings, or null",
        "env|{\"AB\":1}|$.env.AB|found a number; allowed: a string",
        "env|{\"AB\":null}|$.env.AB|found null; allowed: a string",
        "env|{\"AB\":\"\\u0000\"}|$.env.AB|found a value with NUL; allowed: values without NUL",
        "env|{\"AB\":\"\\ud800\"}|$.env.AB|found half of a character",
        "env|{\"A\":\"x\"}|$.env.A|allowed: names of letters",
        "env|{\"\":\"x\"}|$.env['']|allowed: names of letters",
        "env|{\"1A\":\"x\"}|$.env.1A|allowed: names of letters",
        "env|{\"A=B\":\"x\"}|$.env['A=B']|allowed: names of letters",
        "env|{\"A'\\\\\":\"x\"}|$.env['A\\'\\\\']|allowed: names of letters",
        "env|{\"AB\\n\":\"x\"}|$.env['AB?']|allowed: names of letters",
        "secrets|\"a\"|$.secrets|found a string; allowed: an object",
        "secrets|{\"a\":1}|$.secrets.a|found a number; allowed: a string",
        "secrets|{\"a\":null}|$.secrets.a|found null; allowed: a string",
        "secrets|{\"a\":\"\\udead\"}|$.secrets.a|found half of a character",
        "secrets|{\"a-\":\"x\"}|$.secrets.a-|not ending with '-'",
        "secrets|{\"1a\":\"x\"}|$.secrets.1a|beginning with a letter",
        "secrets|{\"a_b\":\"x\"}|$.secrets.a_b|lower-case letters",
        "secrets|{\"to\u212aen\":\"x\"}|$.secrets['to\u212aen']|lower-case letters",
        "secrets|{\"a/../b\":\"x\"}|$.secrets['a/../b']|lower-case letters",
        "secrets|{\"secret-key\":\"x\"}|$.secrets.secret-key|which carry the API key",
        "secrets|{\"Secret-Key-2\":\"x\"}|$.secrets.Secret-Key-2|found \"Secret-Key-2\"",
        "secrets|{\"auth-key-id\":\"x\"}|$.secrets.auth-key-id|which carry the API key",
        "secrets|{\"ab\":\"x\",\"AB\":\"y\"}|$.secrets.AB|a name that stands twice",
        "seconds|\"30\"|$.seconds|found a string; allowed: a whole number from 1 to 60",
        "seconds|0|$.seconds|found \"0\"",
        "seconds|61|$.seconds|a whole number from 1 to 60",
        "seconds|1.5|$.seconds|found 1.5; allowed: a whole number from 1 to 60",
        "seconds|true|$.seconds|found true or false",
        "seconds|99999999999999999999|$.seconds|found 99999999999999999999",
        "execution_order|null|$.execution_order|found nothing",
        "execution_order|\"SERIAL\"|$.execution_order|allowed: \"serial\" or \"parallel\""
      })
  void namesPathFindingAndWhatIsAllowedForACreate(
      String field, String json, String path, String message) {
    assertOne(Events.with(Events.CREATE, field, json), path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "env|{\"AB\":7}|$.env.AB|found a number; allowed: a string, or null to take it away",
        "env|{\"A-\\u202e-\":\"x\"}|$.env['A-?-']|names of letters",
        "cmd|\"\"|$.cmd|not empty",
        "cron|\"* * * * 7\"|$.cron|day of week: 0 (Monday) to 6 (Sunday)",
        "cron|5|$.cron|found a number; allowed: a string",
        "cron|\"@daily\"|$.cron|five fields in UTC",
        "seconds|30|$.seconds|found cron and seconds; allowed: one of the two",
        "disable_schedule|true|$.disable_schedule|found true and a schedule",
        "disable_schedule|\"true\"|$.disable_schedule|allowed: true, false or null",
        "execution_order|\"\"|$.execution_order|\"serial\" or \"parallel\"",
        "start_state|\"gone\"|$.start_state|pending, active",
        "desired_state|\"pending\"|$.desired_state|\"active\" or \"inactive\"",
        "desired_state|false|$.desired_state|found true or false"
      })
  void namesPathFindingAndWhatIsAllowedForAnUpdate(
      String field, String json, String path, String message) {
    assertOne(Events.with(Events.UPDATE, field, json), path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "image_digest|\"sha256:12\"|$.image_digest|64 lower-case hexadecimal digits",
        "image_digest|7|$.image_digest|found a number",
        "auth_key_id|\"../x\"|$.auth_key_id|letters, digits",
        "auth_key_id|\"\"|$.auth_key_id|letters, digits",
        "existing_secrets|[\"a\",\"../b\"]|$.existing_secrets[1]|lower-case letters",
        "existing_secrets|{\"a\":\"b\"}|$.existing_secrets|found an object",
        "id|null|$.id|found nothing"
      })
  void namesPathFindingAndWhatIsAllowedForADelete(
      String field, String json, String path, String message) {
    assertOne(Events.with(Events.DELETE, field, json), path, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"version", "task_type", "txn_type", "id", "image", "cmd", "execution_order"})
  void missesEachRequiredField(String field) {
    assertOne(Events.without(Events.CREATE, field), "$." + field, "found nothing");
  }

  @Test
  void reportsAllMistakesAtOnce() {
    String event =
        """
        {"version":2,"task_type":"create","txn_type":"-","id":"x","auth":"x","image":"A B",
         "cmd":"","args":[1,"a",{}],"env":{"1":"a","OK":1},"secrets":{"secret-key":"a","-":"b"},
         "cron":"x","seconds":99,"execution_order":"any"}""";
    violations(event)
        .extracting(Violation::path)
        .containsExactlyInAnyOrder(
            "$.version",
            "$.txn_type",
            "$.id",
            "$.auth",
            "$.image",
            "$.cmd",
            "$.args[0]",
            "$.args[2]",
            "$.env.1",
            "$.env.OK",
            "$.secrets.secret-key",
            "$.secrets.-",
            "$.cron",
            "$.seconds",
            "$.seconds",
            "$.execution_order");
  }

  @Test
  void setsAndTakesAwayNoSecretAtOnce() {
    String event =
        Events.with(
            Events.with(Events.UPDATE, "secrets", "{\"a\":\"x\"}"),
            "unset_secrets",
            "[\"b\",\"A\"]");
    var reader = new ContractTaskReader(Origin.COMMAND_LINE, _ -> ArgumentRules.ANY);
    assertThatThrownBy(() -> reader.read(Events.tree(event)))
        .hasMessageContaining("$.unset_secrets[1]: found \"A\"; allowed: a name that is not set");
  }

  @Test
  void endsAMessageThatWouldHaveNoEnd() {
    violations(Events.with(Events.CREATE, "args", "[" + "1,".repeat(50_000) + "1]"))
        .hasSize(1001)
        .last()
        .isEqualTo(new Violation("$", "more mistakes than these", "none"));
  }

  @Test
  void showsLongValuesShortenedAndNothingThatWouldDisturbATerminal() {
    String event =
        Events.with(
            Events.CREATE,
            "txn_type",
            "\"\\u001b[31m\\u009b2J\\u2028\\u202e" + "\\ud83d\\ude00".repeat(100) + '"');
    String message = violations(event).singleElement().actual().found();
    assertThat(message).startsWith("\"?[31m?2J??\ud83d\ude00").endsWith("\ud83d\ude00…\"");
    assertThat(message.codePointCount(0, message.length())).isEqualTo(63);
  }

  /** Each damage of a field that holds a secret, as found in real events. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "secrets|{\"A_B\":\"c4n4ry\"}",
        "secrets|{\"a\":[\"c4n4ry\"]}",
        "secrets|{\"a\":{\"c4n4ry\":\"c4n4ry\"}}",
        "secrets|{\"a\":\"c4n4ry\",\"A\":\"c4n4ry\"}",
        "secrets|{\"a\":\"c4n4ry\\ud800\"}",
        "secrets|[\"c4n4ry\"]",
        "secrets|\"c4n4ry\"",
        "image|\"me:c4n4ry@docker.io/a\"",
        "image|\"https://me:c4n4ry@docker.io/a@sha256:1\"",
        "auth|\"c4n4ry\"",
        "auth|[\"c4n4ry\"]",
        "env|{\"A\":\"c4n4ry\"}",
        "env|{\"AB\":\"c4n4ry\\u0000\"}",
        "env|{\"AB\":[\"c4n4ry\"]}",
        "env|\"c4n4ry\""
      })
  void showsNoSecret(String field, String json) {
    for (String event : List.of(Events.CREATE, Events.UPDATE)) {
      assertThatThrownBy(() -> read(Events.with(event, field, json).getBytes(UTF_8)))
          .isInstanceOf(InvalidInput.class)
          .hasNoCause()
          .hasMessageNotContaining(CANARY);
    }
  }

  @Test
  void throwsNothingElseWhateverBecomesOfAnEvent() {
    long seed = 20_240_229;
    var random = new SplittableRandom(seed);
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] event = Mutations.of(random).getBytes(UTF_8);
      if (random.nextInt(4) == 0) {
        event[random.nextInt(event.length)] = (byte) random.nextInt(256);
      }
      try {
        read(event);
        taken++;
      } catch (InvalidInput e) {
        refused++;
        assertThat(e.violations()).as("seed %d, event %d", seed, i).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError(
            "seed %d, event %d: %s".formatted(seed, i, new String(event, ISO_8859_1)), e);
      }
    }
    assertThat(taken).isGreaterThan(300);
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void throwsNothingElseForAnyBytes() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 4_000; i++) {
      byte[] bytes = new byte[random.nextInt(0, 24)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        Arrays.fill(bytes, 0, Math.min(2, bytes.length), (byte) 0);
      }
      assertThatThrownBy(() -> read(bytes)).isInstanceOf(InvalidInput.class);
    }
  }

  /** Events with some fields changed for others' values, awkward ones or none. */
  private static final class Mutations {
    private static final List<String> AWKWARD =
        List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "61",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "[null]",
            "[\"\"]",
            "{}",
            "{\"\":\"\"}",
            "{\"AB\":null}",
            "{\"secret-key\":\"\"}",
            "\"* * * * *\"",
            "\"last last last last last\"",
            "\"a@sha256:\"",
            "\"oci:\"",
            "\"docker-archive::\"",
            "\"[::1]:5000/a\"",
            "\":/@\"",
            "\"Og==\"",
            "9223372036854775808",
            "\"a/b/c:d@e\"",
            "\"\u0130\"",
            "\"update\"",
            "\"delete\"",
            "\"create\"");

    private static String of(SplittableRandom random) {
      List<String> events = List.of(Events.CREATE, Events.UPDATE, Events.DELETE);
      ObjectNode event = Events.tree(events.get(random.nextInt(3)));
      ObjectNode other = Events.tree(events.get(random.nextInt(3)));
      List<String> names = event.properties().stream().map(e -> e.getKey()).toList();
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
          case 0 -> event.remove(name);
          case 1 -> event.set(name, other.get(names.get(random.nextInt(names.size()))));
          case 2 -> event.set(name, other.get(name));
          default ->
              event.set(
                  name,
                  Events.tree("{\"v\":" + AWKWARD.get(random.nextInt(AWKWARD.size())) + "}")
                      .get("v"));
        }
      }
      return Json.text(event);
    }
  }

  private static void assertOne(String event, String path, String message) {
    Violation violation = violations(event).singleElement().actual();
    assertThat(violation.path()).isEqualTo(path);
    assertThat(violation.toString()).contains(message);
  }

  private static ListAssert<Violation> violations(String event) {
    try {
      read(event.getBytes(UTF_8));
    } catch (InvalidInput e) {
      return assertThat(e.violations());
    }
    throw new AssertionError("taken: " + event);
  }

  private static ContractTask read(byte[] event) {
    return new ContractTaskReader(Origin.EVENT, _ -> ArgumentRules.ANY).read(event);
  }
}
