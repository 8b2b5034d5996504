package io.contractbuilder.cli;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.openfaas.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Shows all of it on this machine: starts a platform, makes a contract of a customer's image"
          + " with environment, a secret and a schedule, calls it, updates it, calls it again,"
          + " deletes it and shows what is left: nothing.",
      "Everything lies in a temporary folder that is removed at the end."
    })
final class DemoCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description =
          "A customer's image of your own (registry/repository:tag, oci:folder:tag or"
              + " docker-archive:file); needs --cmd. Default: one that was made on the spot.")
  private @Nullable String image;

  @Option(names = "--cmd", paramLabel = "COMMAND", description = "What your own image runs.")
  private @Nullable String cmd;

  @Option(
      names = "--arg",
      paramLabel = "ARGUMENT",
      description = "An argument of --cmd; repeatable.")
  private List<String> args = List.of();

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if ((image == null) != (cmd == null)) {
      throw Flags.wrong(
          image == null ? "--image" : "--cmd", "nothing", "both of --image and --cmd, or neither");
    }
    Path state = Files.createTempDirectory("cb-demo");
    Program program = context.program().inState(state);
    try (var platform = program.startPlatform(0, false)) {
      say(
          "A platform is running at "
              + platform.gateway()
              + " (functions in "
              + platform.runtime()
              + ").");
      return life(program, state).code();
    } finally {
      remove(state);
    }
  }

  private ExitCode life(Program program, Path state) throws IOException {
    long start = System.nanoTime();
    var id = ContractId.random(new SecureRandom());
    var type = new TransactionType("currency");
    say("\n1. A contract is made of the image " + first() + ":");
    ExitCode end = run(program, create(id, type));
    if (end != ExitCode.DONE) {
      return end;
    }
    answer(program, id, "{\"amount\": 5}");
    say(
        "\n2. It is updated"
            + (image == null ? " to " + second(program) : " (its environment)")
            + ":");
    end = run(program, update(program, id, type));
    if (end != ExitCode.DONE) {
      return end;
    }
    answer(program, id, "{\"amount\": 7}");
    say("\n3. It is deleted:");
    end = run(program, new DeleteContract(id, type, null, null, List.of()));
    if (end != ExitCode.DONE) {
      return end;
    }
    boolean clean = showWhatIsLeft(program, state, id);
    say("\nAll of it took " + Console.time(Duration.ofNanos(System.nanoTime() - start)) + ".");
    return clean ? ExitCode.DONE : ExitCode.FAILED;
  }

  private String first() {
    return image == null ? "oci:" + demoImage(context.program()) + ":1" : image;
  }

  private static String second(Program program) {
    return "oci:" + demoImage(program) + ":2";
  }

  private static Path demoImage(Program program) {
    return program.home().resolve("demo/image");
  }

  private CreateContract create(ContractId id, TransactionType type) {
    return new CreateContract(
        id,
        type,
        Flags.value("--image", first(), ImageReference::parse),
        null,
        cmd == null ? "/contract/currency" : cmd,
        cmd == null ? List.of("--mode", "the whole ledger") : args,
        Map.of("GREETING", "hello"),
        Map.of(new SecretName("api-token"), new Secret("s3cr3t")),
        new Schedule.Every(30),
        ExecutionOrder.SERIAL,
        // OpenFaaS's own would split that argument.
        cmd == null ? "builtin" : null);
  }

  private UpdateContract update(Program program, ContractId id, TransactionType type) {
    return new UpdateContract(
        id,
        type,
        image == null ? ImageReference.parse(second(program)) : null,
        null,
        null,
        null,
        Map.of("GREETING", "hello again"),
        Set.of(),
        Map.of(),
        Set.of(),
        null,
        false,
        null,
        null,
        null,
        null);
  }

  private ExitCode run(Program program, ContractTask task) {
    var view = new ProgressView(context.console());
    return TaskEnd.of(program.run(task, view), view);
  }

  private void answer(Program program, ContractId id, String input) {
    long start = System.nanoTime();
    Invocation answer =
        program
            .gateway()
            .invoke(id.functionName(), input.getBytes(StandardCharsets.UTF_8), Map.of());
    say(
        "   Called with "
            + input
            + " it answers (HTTP "
            + answer.status()
            + ", "
            + Console.time(Duration.ofNanos(System.nanoTime() - start))
            + "):");
    context.console().result("   " + new String(answer.body(), StandardCharsets.UTF_8).strip());
  }

  /** Looks in every place where something of the contract could be; true if nothing is. */
  private boolean showWhatIsLeft(Program program, Path state, ContractId id) throws IOException {
    FunctionGateway gateway = program.gateway();
    var counts = new LinkedHashMap<String, Long>();
    counts.put("functions", gateway.function(id.functionName()) == null ? 0L : 1L);
    counts.put("secrets", (long) gateway.secretNames().size());
    counts.put("contracts", (long) program.contracts().size());
    counts.put("stored objects", files(state.resolve("storage/SMARTCONTRACT")));
    counts.put("API keys", files(state.resolve("storage/KEYS")));
    counts.put("schedules", files(state.resolve("schedules")));
    counts.put("image blobs", files(state.resolve("images/blobs")));
    counts.forEach(
        (what, count) -> say("   left of " + what + ": " + (count == 0 ? "nothing" : count)));
    say("   What was done stays in the ledger:");
    for (String transaction : Files.readAllLines(state.resolve("ledger.jsonl"))) {
      context.console().result("   " + transaction);
    }
    return counts.values().stream().allMatch(count -> count == 0);
  }

  private static long files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void say(String text) {
    context.console().event(Level.INFO, text);
  }
}
