package io.contractbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.doctor.Finding;
import io.contractbuilder.doctor.Leftover;
import io.contractbuilder.doctor.Unclear;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Journal;
import io.contractbuilder.job.Journals;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.json.Json;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.GatewayException;
import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.settings.EffectiveSetting;
import io.contractbuilder.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  private static final Path GOLDEN = Path.of("src/test/resources/cli");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Recorder program = new Recorder();

  private Cli cli(boolean terminal, Map<String, String> environment) {
    var console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            () -> Instant.EPOCH,
            LogLevel.of(null));
    return new Cli(program, console, new ByteArrayInputStream(new byte[0]), environment);
  }

  private int run(String... arguments) {
    return cli(true, Map.of()).run(arguments);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** {@code -Dcli.write=true} writes the golden files anew. */
  @Test
  void everyHelpIsAsItWasRead() throws IOException {
    Cli cli = cli(true, Map.of());
    for (Map.Entry<String, String> help : cli.helps().entrySet()) {
      compare(help.getKey(), help.getValue());
    }
    compare("contract-builder", cli.help());
  }

  private static void compare(String name, String help) throws IOException {
    Path golden = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("cli.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, help);
    }
    assertThat(help).as(name).isEqualTo(Files.readString(golden));
  }

  @Test
  void flagsBecomeATaskAndSecretsComeFromFiles(@TempDir Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "s3cr3t\n");
    int code =
        run(
            "create",
            "--type",
            "currency",
            "--image",
            "acme/currency:1",
            "--cmd",
            "node",
            "--arg=--mode",
            "--env",
            "RATE=a=b",
            "--secret",
            "API-Token=" + token,
            "--every",
            "5");
    assertThat(code).as(errors()).isZero();
    CreateContract task = (CreateContract) program.tasks.getFirst();
    assertThat(task.image()).isEqualTo(ImageReference.parse("docker.io/acme/currency:1"));
    assertThat(task.args()).containsExactly("--mode");
    assertThat(task.env()).containsEntry("RATE", "a=b");
    assertThat(task.secrets()).containsEntry(new SecretName("api-token"), new Secret("s3cr3t"));
    assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo(task.id().value());
  }

  @Test
  void everyMistakeIsReportedByItsFlag() {
    assertThat(run("create", "--type", "x", "--image", "UPPER", "--env", "9=x", "--every", "99"))
        .isEqualTo(2);
    assertThat(errors()).contains("--type:", "--image:", "--cmd:", "--env", "--every:");
    assertThat(program.tasks).isEmpty();
  }

  @Test
  void aFileAndFlagsAreOneTooMany(@TempDir Path folder) throws IOException {
    Path event = Files.writeString(folder.resolve("event.json"), "{}");
    assertThat(run("create", "--file", event.toString(), "--type", "currency")).isEqualTo(2);
    assertThat(errors()).contains("--file and other flags");
    for (String flag : List.of("--unset-env=RATE", "--unset-secret=token", "--inactive")) {
      err.reset();
      assertThat(run("update", "--file", event.toString(), flag)).as(flag).isEqualTo(2);
      assertThat(errors()).as(flag).contains("--file and other flags");
    }
    assertThat(run("delete", "--file", event.toString(), "currency")).isEqualTo(2);
    assertThat(errors()).contains("CONTRACT and --file");
  }

  @Test
  void anEventOfAnotherActionIsRefused(@TempDir Path folder) throws IOException {
    Path event =
        Files.writeString(
            folder.resolve("event.json"),
            "{\"version\":\"1\",\"task_type\":\"delete\",\"txn_type\":\"currency\","
                + "\"id\":\"8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c\"}");
    assertThat(run("create", "--file", event.toString())).isEqualTo(2);
    assertThat(errors()).contains("contract-builder delete");
    assertThat(run("delete", "--file", event.toString())).isZero();
  }

  @Test
  void jobReadsTheEventOrTheFileThatIsNamed(@TempDir Path folder) throws IOException {
    Path event = Files.writeString(folder.resolve("event.json"), "from a file");
    assertThat(cli(true, Map.of("EVENT", "text")).run("job")).isZero();
    assertThat(cli(true, Map.of("EVENT_FILE", event.toString())).run("job")).isZero();
    assertThat(program.events).containsExactly("text", "from a file");
    assertThat(run("job")).isEqualTo(2);
    assertThat(errors()).contains("neither EVENT nor EVENT_FILE");
  }

  @Test
  void exitCodesTellWhatMayHelp() {
    program.outcome = new Outcome.Retry("the gateway is away", List.of(), null);
    assertThat(create()).isEqualTo(3);
    program.outcome = new Outcome.Failed("no such image", List.of("the secret sc-1"), null);
    assertThat(create()).isEqualTo(1);
    assertThat(errors()).contains("no such image", "Left behind: the secret sc-1");
    program.fault =
        new GatewayException("http://gateway", "listing", 0, "refused", "Start it", true, null);
    assertThat(run("list")).isEqualTo(3);
  }

  private int create() {
    return run("create", "--type", "currency", "--image", "acme/currency", "--cmd", "node");
  }

  private Contract stored(String type, ContractState state) {
    Contract contract =
        new Contract(
            new TransactionType(type),
            new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c"),
            new Status(state, "", Instant.EPOCH),
            "docker.io/acme/currency:1",
            null,
            null,
            "node",
            List.of(),
            Map.of("RATE", "3"),
            List.of("api-token"),
            null,
            ExecutionOrder.SERIAL);
    program.contracts.add(contract);
    return contract;
  }

  @Test
  void aTypeIsOneContracts() {
    Contract other = stored("currency", ContractState.ERROR);
    assertThat(create()).isEqualTo(2);
    assertThat(errors())
        .contains("--type: found \"currency\"", other.id() + " (error)", "update or delete");
    assertThat(program.tasks).isEmpty();

    // The same contract again: the job knows what became of the first time.
    assertThat(
            run(
                "create",
                "--id=" + other.id(),
                "--type=currency",
                "--image=acme/currency",
                "--cmd=node"))
        .isZero();
  }

  @Test
  void whatCannotBeTakenAwayIsToldOf() {
    stored("currency", ContractState.ACTIVE);
    assertThat(
            run(
                "update",
                "currency",
                "--unset-env=RATE",
                "--unset-env=rate",
                "--unset-secret=API-TOKEN",
                "--unset-secret=nosuch"))
        .isZero();
    assertThat(errors().lines().filter(line -> line.startsWith("warning:")))
        .containsExactly(
            "warning: --unset-env rate: the contract has none of this name",
            "warning: --unset-secret nosuch: the contract has none of this name");
  }

  @Test
  void aContractThatIsNotThereIsSaidToBeSo() {
    assertThat(run("delete", "nosuch")).isEqualTo(2);
    assertThat(errors()).contains("found \"nosuch\", and there is no contract yet; allowed: the");
    stored("currency", ContractState.ACTIVE);
    assertThat(run("delete", "nosuch")).isEqualTo(2);
    assertThat(errors()).contains("found \"nosuch\", which no contract has; allowed: a type or");
  }

  @Test
  void aMistypedCommandOrFlagIsGuessed() {
    assertThat(run("creat")).isEqualTo(2);
    assertThat(errors()).contains("'creat'", "Did you mean: ", "contract-builder create");
    err.reset();
    assertThat(run("update", "currency", "--unset-secrets", "x")).isEqualTo(2);
    assertThat(errors()).contains("--unset-secret", "update --help");
  }

  @Test
  void aDemonstrationsImageNeedsItsCommand() {
    assertThat(run("demo", "--image", "acme/currency")).isEqualTo(2);
    assertThat(errors()).contains("--cmd: found nothing; allowed: both of --image and --cmd");
    assertThat(run("demo", "--cmd", "node")).isEqualTo(2);
    assertThat(errors()).contains("--image: found nothing; allowed: both of --image and --cmd");
  }

  @Test
  void wrongCommandsSayWhereHelpIs() {
    assertThat(run("destroy")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run("show")).isEqualTo(2);
    assertThat(errors()).contains("contract-builder --help", "contract-builder show --help");
  }

  @Test
  void withoutATerminalEveryLineIsJson() {
    program.outcome = new Outcome.Failed("no such image", List.of(), null);
    cli(false, Map.of())
        .run("create", "--type", "currency", "--image", "acme/currency", "--cmd", "node");
    assertThat(errors().lines())
        .allSatisfy(line -> assertThat(line).startsWith("{\"time\":").endsWith("}"));
  }

  private ProgressView view(boolean terminal, String least) {
    return new ProgressView(
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            () -> Instant.EPOCH,
            LogLevel.of(least)));
  }

  @Test
  void whatIsBelowTheLeastLevelIsNotToldAndEachLineNamesTheContract() throws IOException {
    var task =
        new DeleteContract(
            new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c"),
            new TransactionType("currency"),
            null,
            null,
            List.of());
    for (String least : List.of("info", "ERROR")) {
      ProgressView view = view(false, least);
      view.began(task, false);
      view.warned("mind this");
      TaskEnd.of(new Outcome.Failed("it is down", List.of("secret a"), null), view);
    }
    var levels = new ArrayList<String>();
    for (String line : errors().lines().toList()) {
      JsonNode told = Json.read(line.getBytes(StandardCharsets.UTF_8));
      levels.add(told.path("level").asText());
      assertThat(told.path("contract").asText()).isEqualTo(task.id().value());
      assertThat(told.path("type").asText()).isEqualTo("currency");
      assertThat(told.path("action").asText()).isEqualTo("delete");
    }
    assertThat(levels).containsExactly("info", "warn", "error", "error");
  }

  @Test
  void argumentsThatTheWatchdogCannotCarryAreToldWithAllElseThatIsWrong() {
    String[] wrong = {
      "create",
      "--type",
      "currency",
      "--image",
      "acme/currency",
      "--cmd",
      "node server",
      "--id",
      "7",
      "--arg=a b",
      "--env",
      "fprocess=1"
    };

    assertThat(run(wrong)).isEqualTo(2);
    assertThat(errors())
        .contains("--id: ", "--arg[0]: ", "--env fprocess: ")
        .doesNotContain("--cmd");
    assertThat(program.tasks).isEmpty();
  }

  @Test
  void aTerminalIsNotFloodedByACopy() {
    ProgressView view = view(true, "info");
    for (int i = 0; i < 1000; i++) {
      view.copied(Digest.of(new byte[0]), i, 1000);
    }
    assertThat(errors().split("\r", -1)).as("one line, as no time passes").hasSize(2);
  }

  @Test
  void configIsATableOrAnObject() {
    assertThat(run("config")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "SETTING    VALUE  ORIGIN",
            "LOG_LEVEL  debug  environment",
            "STAGE      -      default");
    out.reset();
    assertThat(run("config", "--json")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"LOG_LEVEL\":{\"value\":\"debug\",\"origin\":\"environment\"},"
                + "\"STAGE\":{\"value\":\"\",\"origin\":\"default\"}}");
  }

  @Test
  void aCheckEndsWithOneIfAPartDoesNotAnswerAndTellsOfAll() {
    program.checked.add(new Program.CheckedPart("storage", true, "folder /data", ""));
    assertThat(run("check")).isZero();
    program.checked.add(
        0, new Program.CheckedPart("queues", false, "Redis r:6379: refused", "Start it"));
    assertThat(run("check")).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "ok      storage           folder /data",
            "FAILED  queues            Redis r:6379: refused",
            "                          → Start it",
            "ok      storage           folder /data");
  }

  @Test
  void aDoctorSaysWhatItFoundAndEndsByWhatIsLeft() {
    assertThat(run("doctor")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("All is well.\n");
    ContractId id = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
    program.diagnosis =
        listener -> {
          listener.found(new Leftover.LeftFunction(id, true), Finding.End.LEFT, null);
          listener.found(new Unclear.Stuck(id, ContractState.UPDATING), Finding.End.LEFT, null);
        };
    out.reset();

    assertThat(run("doctor")).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "WRONG     "
                + id
                + "  The function contract-"
                + id
                + " is left over: there is no such contract",
            "          → --repair would remove it",
            "WRONG     "
                + id
                + "  It is \"updating\", and no job works on it: its task still waits, was lost, or failed",
            "          → If no task of it waits, run contract-builder update " + id,
            "2 left, 0 repaired, 0 not looked at.");
    assertThat(program.repairing).isFalse();
  }

  @Test
  void aDoctorThatRepairedAllEndsWell() {
    ContractId id = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
    program.diagnosis =
        listener -> listener.found(new Leftover.LeftFunction(id, true), Finding.End.REPAIRED, null);

    assertThat(run("doctor", "--repair", "--json")).isZero();
    assertThat(program.repairing).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"kind\":\"left_function\",\"subject\":\""
                + id
                + "\",\"says\":\"The function contract-"
                + id
                + " is left over: there is no such contract\",\"repair\":\"remove it\","
                + "\"end\":\"repaired\"}\n");
  }

  @Test
  void whatADoctorCouldNotLookAtIsToBeTriedAgain() {
    program.diagnosis = listener -> listener.passedOver("secrets", "the gateway is away");

    assertThat(run("doctor")).isEqualTo(3);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("not seen  secrets", "is away");
  }

  @Test
  void historyTellsWhatBecameOfEachStepAndWhatToDo() {
    String id = "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c";
    program.journal =
        "{'version':'1','contract':'ID','type':'currency','identity':'i','action':'update',"
            + "'transaction_id':'t-1','state':'failed','started':'2026-01-02T03:04:05Z',"
            + "'ended':'2026-01-02T03:04:09Z','message':'the gateway was down','steps':["
            + "{'step':'image','started':'2026-01-02T03:04:05Z','millis':12,'end':'done'},"
            + "{'step':'secrets','started':'2026-01-02T03:04:05Z','millis':0,'end':'skipped'},"
            + "{'step':'function','started':'2026-01-02T03:04:05Z','millis':3400,'end':'failed',"
            + "'answer':'it is down','remedy':'Start it'}],'warnings':['mind this']}";

    assertThat(run("show", id, "--history")).as(errors()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "contract      " + id + " (currency)",
            "last job      update",
            "transaction   t-1",
            "started       2026-01-02T03:04:05Z",
            "ended         failed 2026-01-02T03:04:09Z",
            "because       the gateway was down",
            "  image       12 ms",
            "  secrets     not necessary",
            "  function    failed after 3.4 s: it is down",
            "              → Start it",
            "warning       mind this");
  }

  @Test
  void aContractThatNoJobOfOursWorkedOnHasNoHistory() {
    assertThat(run("show", "8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c", "--history")).isEqualTo(2);
    assertThat(errors()).contains("8f5f1a3c", "that this program worked on");
  }

  /** Does nothing but to write down what it was asked. */
  @Test
  void theProcessorHasAsManyWorkersAsItIsTold() {
    assertThat(run("process", "--workers", "3")).as(errors()).isZero();
    assertThat(run("process")).isZero();
    assertThat(program.workers).containsExactly(3, Runtime.getRuntime().availableProcessors());
    assertThat(run("process", "--workers", "0")).isEqualTo(2);
    assertThat(errors()).contains("--workers: found 0; allowed: 1 to 256");
  }

  @Test
  void deadLettersAreShownWithoutTheirSecrets() {
    program.letters.add(
        7,
        "{\"version\":\"1\",\"task_type\":\"create\",\"txn_type\":\"currency\",\"auth\":\"c4n4ry\","
            + "\"image\":\"me:c4n4ry@acme/currency\",\"cmd\":\"c4n4ry\",\"args\":[\"c4n4ry\"],"
            + "\"env\":{\"RATE\":\"c4n4ry\"},\"secrets\":{\"token\":\"c4n4ry\"},\"more\":\"c4n4ry\","
            + "\"cron\":{\"c4n4ry?\":1},\"seconds\":5,\"existing_secrets\":[\"token\"]}");
    program.letters.add(8, "c4n4ry, which is no JSON");

    for (String number : List.of("7", "8")) {
      assertThat(run("queue", "show", number)).as(errors()).isZero();
    }
    assertThat(run("queue", "list")).isZero();

    String shown = out.toString(StandardCharsets.UTF_8);
    assertThat(shown)
        .doesNotContain("c4n4ry")
        .contains("\"token\" : \"***\"", "\"RATE\" : \"***\"", "currency", "no such image")
        .contains("\"seconds\" : 5", "[ \"token\" ]");
  }

  @Test
  void deadLettersWaitAgainOrAreDropped() {
    for (long number = 1; number <= 3; number++) {
      program.letters.add(number, "{}");
    }
    assertThat(run("queue", "retry", "1", "2")).as(errors()).isZero();
    assertThat(run("queue", "drop", "3")).isZero();
    assertThat(program.letters.retried).containsExactly(1L, 2L);
    assertThat(program.letters.all()).isEmpty();

    assertThat(run("queue", "drop", "9")).isEqualTo(2);
    assertThat(errors()).contains("NUMBER: found 9", "queue list");
    assertThat(run("queue")).isEqualTo(2);
  }

  private static final class Recorder implements Program {
    final List<ContractTask> tasks = new ArrayList<>();
    final List<Contract> contracts = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final List<Integer> workers = new ArrayList<>();
    final MemoryDeadLetters letters = new MemoryDeadLetters();
    final List<Program.CheckedPart> checked = new ArrayList<>();
    Consumer<Finding.Listener> diagnosis = listener -> {};
    boolean repairing;
    Outcome outcome = new Outcome.Done(null, List.of(), false);
    @Nullable RuntimeException fault;
    @Nullable String journal;

    @Override
    public ArgumentRules argumentRules(@Nullable String watchdog) {
      return "builtin".equals(watchdog) ? ArgumentRules.ANY : ArgumentRules.SPLIT_AT_SPACES;
    }

    @Override
    public @Nullable Journal journal(ContractId id) {
      return new Journals(new OneObject(journal, id.value())).find(id);
    }

    @Override
    public Outcome run(ContractTask task, JobListener listener) {
      tasks.add(task);
      return outcome;
    }

    @Override
    public Outcome run(byte[] event, JobListener listener) {
      events.add(new String(event, StandardCharsets.UTF_8));
      return outcome;
    }

    @Override
    public void process(int number, Supplier<JobListener> views) {
      workers.add(number);
    }

    @Override
    public DeadLetters deadLetters() {
      return letters;
    }

    @Override
    public List<Contract> contracts() {
      if (fault != null) {
        throw fault;
      }
      return contracts;
    }

    @Override
    public FunctionGateway gateway() {
      throw new AssertionError("not contacted");
    }

    @Override
    public BuiltImage wrap(
        ImageReference source,
        @Nullable ImagePlatform platform,
        ImageReference target,
        @Nullable RegistryCredentials credentials,
        @Nullable ContractId contract,
        @Nullable String watchdog,
        @Nullable String mountFrom,
        CopyListener listener) {
      throw new AssertionError("not built");
    }

    @Override
    public RunningPlatform startPlatform(int port, boolean hostNetwork) {
      throw new AssertionError("not started");
    }

    @Override
    public List<EffectiveSetting> configuration() {
      return List.of(
          new EffectiveSetting("LOG_LEVEL", "debug", "environment"),
          new EffectiveSetting("STAGE", "", "default"));
    }

    @Override
    public void check(Consumer<CheckedPart> listener) {
      checked.forEach(listener);
    }

    @Override
    public void doctor(boolean repair, Finding.Listener listener) {
      repairing = repair;
      diagnosis.accept(listener);
    }

    @Override
    public Program inState(Path state) {
      return this;
    }

    @Override
    public Path home() {
      return Path.of("dist");
    }
  }

  /** A storage with the same under every key. */
  private record OneObject(@Nullable String json, String id) implements ObjectStore {
    @Override
    public byte @Nullable [] get(String key) {
      return json == null
          ? null
          : json.replace('\'', '"').replace("ID", id).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void put(String key, byte[] value) {
      throw new AssertionError(key);
    }

    @Override
    public boolean delete(String key) {
      throw new AssertionError(key);
    }

    @Override
    public List<String> list(String prefix) {
      return List.of();
    }

    @Override
    public List<String> children(String prefix) {
      return List.of();
    }
  }
}
