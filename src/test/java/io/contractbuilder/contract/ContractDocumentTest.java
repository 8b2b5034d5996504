package io.contractbuilder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContractDocumentTest {
  private static final String ID = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";
  private static final String HEX = "0123456789abcdef".repeat(4);

  private static final String FULL =
      ("{\"dcrn\":\"SmartContract::L1::AtRest\",\"version\":\"1\",\"txn_type\":\"currency\","
              + "\"id\":\"ID\",\"status\":{\"state\":\"active\",\"msg\":\"Creation success\","
              + "\"timestamp\":\"2024-02-29 23:59:58.000042\"},"
              + "\"image\":\"docker.io/acme/currency:1.4.0\",\"auth_key_id\":\"SC_ABCDEFGHIJKL\","
              + "\"image_digest\":\"sha256:HEX\",\"cmd\":\"node\",\"args\":[\"index.js\",\"--mode\"],"
              + "\"env\":{\"RATE\":\"3\",\"A\":\"\\u00e9\"},\"existing_secrets\":[\"b\",\"a\"],"
              + "\"cron\":null,\"seconds\":30,\"execution_order\":\"serial\"}")
          .replace("ID", ID)
          .replace("HEX", HEX);

  private static final String LEAST =
      ("{\"dcrn\":\"SmartContract::L1::AtRest\",\"version\":\"1\",\"txn_type\":\"c2\","
              + "\"id\":\"ID\",\"status\":{\"state\":\"delete failed\",\"msg\":\"\","
              + "\"timestamp\":\"2024-01-02 03:04:05\"},"
              + "\"image\":\"a\",\"auth_key_id\":null,\"image_digest\":null,\"cmd\":\"x\",\"args\":[],"
              + "\"env\":{},\"existing_secrets\":[],"
              + "\"cron\":\"*/5 * * * mon\",\"seconds\":null,\"execution_order\":\"parallel\"}")
          .replace("ID", ID);

  private static Contract full() {
    var env = new LinkedHashMap<String, String>();
    env.put("RATE", "3");
    env.put("A", "é");
    return new Contract(
        new TransactionType("currency"),
        new ContractId(ID),
        new Status(
            ContractState.ACTIVE,
            "Creation success",
            Instant.parse("2024-02-29T23:59:58.000042999Z")),
        "docker.io/acme/currency:1.4.0",
        "SC_ABCDEFGHIJKL",
        new Digest("sha256:" + HEX),
        "node",
        List.of("index.js", "--mode"),
        env,
        List.of("b", "a"),
        new Schedule.Every(30),
        ExecutionOrder.SERIAL);
  }

  @Test
  void writesKeysInTheChainsOrderWithNullsAndMicroseconds() {
    assertThat(text(full())).isEqualTo(FULL);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void readsAndWritesBackTheSameBytes(String document) {
    assertThat(text(read(document))).isEqualTo(document);
  }

  static Stream<String> documents() {
    return Stream.of(FULL, LEAST);
  }

  @Test
  void leavesTheFractionOutWhereItIsLessThanAMicrosecond() {
    Contract contract =
        full()
            .withStatus(
                new Status(
                    ContractState.PENDING, "", Instant.parse("2024-01-02T03:04:05.000000999Z")));
    assertThat(text(contract)).contains("\"timestamp\":\"2024-01-02 03:04:05\"");
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,pending",
    "ACTIVE,active",
    "INACTIVE,inactive",
    "ERROR,error",
    "UPDATING,updating",
    "DELETING,deleting",
    "DELETE_FAILED,delete failed"
  })
  void namesStatesAsTheChainDoes(ContractState state, String wire) {
    Contract contract = full().withStatus(new Status(state, "", Instant.EPOCH));
    assertThat(text(contract)).contains("\"state\":\"" + wire + "\"");
    assertThat(read(text(contract)).status().state()).isEqualTo(state);
  }

  @Test
  void keepsTheCronAsItWasGiven() {
    assertThat(read(LEAST).schedule())
        .isInstanceOfSatisfying(
            Schedule.Cron.class,
            cron -> assertThat(cron.expression()).hasToString("*/5 * * * mon"));
  }

  @Test
  void keepsTheOrderOfVariablesAndSecrets() {
    Contract contract = read(FULL);
    assertThat(contract.env().keySet()).containsExactly("RATE", "A");
    assertThat(contract.existingSecrets()).containsExactly("b", "a");
  }

  @Test
  void takesNullAndAbsentAsEmpty() {
    Contract contract =
        read(
            LEAST
                .replace("\"args\":[],", "")
                .replace("\"env\":{}", "\"env\":null")
                .replace("\"existing_secrets\":[]", "\"existing_secrets\":null")
                .replace("\"msg\":\"\"", "\"msg\":null")
                .replace("\"cron\":\"*/5 * * * mon\",", ""));
    assertThat(contract.args()).isEmpty();
    assertThat(contract.env()).isEmpty();
    assertThat(contract.existingSecrets()).isEmpty();
    assertThat(contract.status().message()).isEmpty();
    assertThat(contract.schedule()).isNull();
  }

  @Test
  void passesOverUnknownKeysAndNullVariables() {
    Contract contract =
        read(
            LEAST
                .replace("\"env\":{}", "\"env\":{\"A\":null,\"B\":\"b\"}")
                .replace("{\"dcrn\"", "{\"s3_bucket\":{\"a\":[1]},\"dcrn\""));
    assertThat(contract.env()).isEqualTo(Map.of("B", "b"));
  }

  @Test
  void takesTheIntervalOfTwoSchedulesAsTheSchedulerDoes() {
    assertThat(read(LEAST.replace("\"seconds\":null", "\"seconds\":7")).schedule())
        .isEqualTo(new Schedule.Every(7));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-02 03:04:05.5,2024-01-02T03:04:05.500Z",
    "2024-01-02T03:04:05.123456,2024-01-02T03:04:05.123456Z",
    "2024-01-02 03:04:05,2024-01-02T03:04:05Z"
  })
  void readsTimestampsOfAnyPrecision(String written, Instant meant) {
    Contract contract = read(LEAST.replace("2024-01-02 03:04:05", written));
    assertThat(contract.status().timestamp()).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"dcrn\":\"SmartContract::L1::AtRest\"|\"dcrn\":\"Error::L1\"|$.dcrn",
        "\"version\":\"1\"|\"version\":\"2\"|$.version",
        "\"txn_type\":\"c2\"|\"txn_type\":\"c 2\"|$.txn_type",
        "\"txn_type\":\"c2\",||$.txn_type",
        "8f5f1a3c|8F5F1A3C|$.id",
        "\"state\":\"delete failed\"|\"state\":\"gone\"|$.status.state",
        "\"timestamp\":\"2024-01-02|\"timestamp\":\"2024-02-30|$.status.timestamp",
        "03:04:05\"|3:04:05\"|$.status.timestamp",
        "\"msg\":\"\"|\"msg\":7|$.status.msg",
        "\"image\":\"a\"|\"image\":null|$.image",
        "\"image_digest\":null|\"image_digest\":\"sha256:0\"|$.image_digest",
        "\"cmd\":\"x\"|\"cmd\":[\"x\"]|$.cmd",
        "\"args\":[]|\"args\":[1]|$.args[0]",
        "\"env\":{}|\"env\":{\"A\":1}|$.env.A",
        "\"existing_secrets\":[]|\"existing_secrets\":{}|$.existing_secrets",
        "\"seconds\":null|\"seconds\":61|$.seconds",
        "\"execution_order\":\"parallel\"|\"execution_order\":null|$.execution_order"
      })
  void saysWhereADocumentIsDamaged(String what, String with, String path) {
    String damaged = LEAST.replace(what, with == null ? "" : with);
    assertThat(damaged).isNotEqualTo(LEAST);
    assertThatThrownBy(() -> read(damaged))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> assertThat(e.violations()).extracting(Violation::path).containsExactly(path))
        .hasMessageStartingWith("The metadata cannot be used:");
  }

  @ParameterizedTest
  @MethodSource("notDocuments")
  void saysWhatIsNoDocumentAtAll(String text, String found) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("$: found " + found);
  }

  static Stream<Object[]> notDocuments() {
    return Stream.of(
        new Object[] {"", "nothing"},
        new Object[] {"[]", "something else than an object"},
        new Object[] {"null", "something else than an object"},
        new Object[] {FULL.substring(0, 200), "text that is not JSON at line 1, column"},
        new Object[] {FULL + "x", "text that is not JSON at line 1, column"},
        new Object[] {"{\"id\":1,\"id\":2}", "a key that stands twice at line 1, column"});
  }

  @Test
  void quotesNoVariablesValue() {
    assertThatThrownBy(() -> read(FULL.replace("\"RATE\":\"3\"", "\"RATE\":[\"canary\"]")))
        .hasMessageContaining("$.env.RATE")
        .hasMessageNotContaining("canary");
  }

  private static String text(Contract contract) {
    return new String(ContractDocument.write(contract), UTF_8);
  }

  private static Contract read(String document) {
    return ContractDocument.read(document.getBytes(UTF_8));
  }
}
