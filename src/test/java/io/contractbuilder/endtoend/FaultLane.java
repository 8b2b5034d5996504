package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static io.contractbuilder.endtoend.ChainBench.utf8;
import static io.contractbuilder.endtoend.Webserver.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess;
import io.contractbuilder.app.InProcess.Ended;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import io.contractbuilder.ledger.http.PlayedChain;
import io.contractbuilder.scheduler.redis.ChainScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A chain's place with a proxy before every part; what is done in it is done in this process. */
final class FaultLane implements AutoCloseable {
  /** What is asked for while a part fails. */
  enum Action {
    CREATE,
    UPDATE,
    DELETE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which parts a chain has. */
  enum Place {
    DISK,
    S3,
    /** On disk, and its transactions go to another chain's API. */
    HTTP_LEDGER;

    static Place of(FaultyPart part) {
      return switch (part) {
        case S3 -> S3;
        case LEDGER -> HTTP_LEDGER;
        case QUEUES, CACHE, INDEX, REGISTRY, SOURCE, GATEWAY -> DISK;
      };
    }
  }

  /** The public id of {@link ChainBench#PRIVATE_KEY}. */
  private static final String CHAIN_ID = "kPptHd8awha6kmHW8eGhUoMJHWQmMJoWtdNuHGoRk75y";

  private static final Pattern TASK = Pattern.compile("\\b[0-9a-f]{64}\\b");
  private final ChainBench bench;
  private final ChainCanaries canaries;
  private final PlayedChain chain = new PlayedChain(CHAIN_ID);
  private final String ledgerKey;
  private final Map<FaultyPart, FaultProxy> proxies = new EnumMap<>(FaultyPart.class);
  private final ChainScheduler scheduler;
  private Storage storage = Storage.DISK;
  private Place place = Place.DISK;
  private Canonical seen = new Canonical();
  private Webserver webserver;
  private String id = "";

  /** Their ids, in the order of the alphabet, in which they are found. */
  private final List<String> contracts = new ArrayList<>();

  FaultLane(Path folder) throws IOException, InterruptedException {
    bench = new ChainBench(folder, PrivateRegistry.plain(part("PARTS_REGISTRY")));
    canaries = new ChainCanaries(bench);
    scheduler = new ChainScheduler(bench.redis);
    ledgerKey = bench.file("ledger.key", utf8(PlayedChain.KEY)).toString();
    webserver = new Webserver(bench, storage, id, "none");
    var environment = bench.environment(Storage.S3);
    for (FaultyPart one : FaultyPart.values()) {
      String real =
          switch (one) {
            case REGISTRY -> part("PARTS_REGISTRY");
            case SOURCE -> bench.images;
            case LEDGER -> chain.url().getAuthority();
            case QUEUES, CACHE, INDEX, S3, GATEWAY -> environment.get(one.setting);
          };
      proxies.put(one, new FaultProxy(one.wire, String.valueOf(real)));
    }
  }

  FaultProxy proxy(FaultyPart which) {
    return Objects.requireNonNull(proxies.get(which));
  }

  /** Of the contract that was prepared last. */
  Webserver webserver() {
    return webserver;
  }

  /** Lets the chain's scheduler read its list. */
  void carryOut() {
    scheduler.carryOutAll();
  }

  /** An empty chain, in which the contract is as the action needs it; answers with its event. */
  ObjectNode prepare(Place where, Action action) throws IOException {
    webserver = contracts(where, 1).getFirst();
    ObjectNode create = create(webserver);
    ObjectNode event =
        switch (action) {
          case CREATE -> create;
          case UPDATE -> {
            done(create);
            yield webserver.update(this::whatIsUpdated);
          }
          case DELETE -> {
            done(create);
            webserver.heap("stored", "\"by the contract\"");
            yield webserver.delete();
          }
        };
    snapshot();
    mend();
    return event;
  }

  /** An empty chain, which has asked for none of these contracts yet. */
  List<Webserver> contracts(Place where, int count) throws IOException {
    // What failed before may have left its fault.
    mend();
    place = where;
    storage = where == Place.S3 ? Storage.S3 : Storage.DISK;
    chain.clear();
    contracts.clear();
    Stream.generate(() -> UUID.randomUUID().toString())
        .limit(count)
        .sorted()
        .forEach(contracts::add);
    id = contracts.getFirst();
    seen = new Canonical();
    bench.clear(storage);
    var webservers = new ArrayList<Webserver>();
    for (String one : contracts) {
      String type = "faulty" + (webservers.isEmpty() ? "" : webservers.size());
      webservers.add(new Webserver(bench, storage, one, type));
    }
    webservers.getFirst().startChain();
    return webservers;
  }

  ObjectNode create(Webserver of) throws IOException {
    return of.create(this::whatIsCreated);
  }

  private void whatIsCreated(ObjectNode event) {
    event.put("image", image("1")).put("seconds", 30);
    event.set("env", object(Map.of("RATE", "1")));
    event.set("secrets", object(Map.of("one", ChainCanaries.SECRET)));
  }

  private void whatIsUpdated(ObjectNode event) {
    event.put("image", image("2")).put("seconds", 60);
    event.set("env", object(Map.of("RATE", "2")));
    event.set("secrets", object(Map.of("two", ChainCanaries.SECOND)));
  }

  String image(String tag) {
    return proxy(FaultyPart.SOURCE).authority() + "/customer/answer:" + tag;
  }

  private void done(ObjectNode event) throws IOException {
    Ended ended = job(event);
    if (ended.code() != 0) {
      throw new AssertionError("exit code " + ended.code() + "\n" + ended.said());
    }
    scheduler.carryOutAll();
  }

  Ended job(ObjectNode event) throws IOException {
    var environment = environment();
    environment.put("EVENT", Json.text(event));
    return inPlace(InProcess.job(environment));
  }

  /** Whatever failed, no secret is where it does not belong. */
  private Ended inPlace(Ended ended) throws IOException {
    canaries.assertInPlace(storage, ended.said());
    return ended;
  }

  /** The same as a process, by the entry script. */
  Ended script(ObjectNode event) throws IOException {
    var environment = environment();
    environment.put("EVENT", Json.text(event));
    Launched.Ended ended = bench.run(storage, ChainBench.User.ROOT, environment);
    return inPlace(new Ended(ended.code(), ended.all()));
  }

  /** The same, killed with SIGKILL at a request to a part, if it comes to it. */
  void killed(ObjectNode event, FaultyPart part, int at) throws IOException {
    var process = new CompletableFuture<Process>();
    Runnable kill = () -> process.join().destroyForcibly();
    proxy(part).plan(new FaultProxy.Plan(new Fault.Kills(kill), _ -> true, at, 1));
    var environment = environment();
    environment.put("EVENT", Json.text(event));
    String script = Launched.project().resolve("entrypoints/contract_job.sh").toString();
    try (Launched launched = Launched.startCommand(List.of("sh", script), environment)) {
      process.complete(launched.process());
      Launched.Ended ended = launched.ended();
      assertThat(inPlace(new Ended(ended.code(), ended.all())).code())
          .as(ended.all())
          .isIn(0, 128 + 9);
    }
    // As if its lease had ended.
    for (String one : contracts) {
      bench.redis.del("contract-builder:lock:" + one);
    }
    mend();
  }

  private Map<String, String> environment() {
    var environment = bench.environment(storage);
    proxies.forEach(
        (one, proxy) -> {
          if (environment.containsKey(one.setting) || one == FaultyPart.SOURCE) {
            environment.put(one.setting, one.value(proxy.authority()));
          }
        });
    if (place == Place.HTTP_LEDGER) {
      environment.put("CONTRACT_BUILDER_LEDGER", "http");
      environment.put(
          FaultyPart.LEDGER.setting, FaultyPart.LEDGER.value(proxy(FaultyPart.LEDGER).authority()));
      environment.put("CONTRACT_BUILDER_LEDGER_TYPE", "contract-action");
      environment.put("CONTRACT_BUILDER_LEDGER_KEY_ID", PlayedChain.KEY_ID);
      environment.put("CONTRACT_BUILDER_LEDGER_KEY_FILE", ledgerKey);
    }
    environment.put("CONTRACT_BUILDER_TIMEOUT", "10m");
    return environment;
  }

  /** All parts are well again. */
  void mend() throws IOException {
    for (FaultProxy proxy : proxies.values()) {
      proxy.mend();
    }
  }

  /** The contract's state as the chain reads it; {@code none} where there is no contract. */
  String state() throws IOException {
    Path metadata = bench.objects(storage).resolve("SMARTCONTRACT/" + id + "/metadata.json");
    return Files.exists(metadata) ? webserver.state() : "none";
  }

  /** All that the chain holds once its scheduler has read its list; the same for each contract. */
  String held() throws IOException {
    scheduler.carryOutAll();
    Map<String, String> snapshot = snapshot();
    // How often something was pushed is noted for a while.
    snapshot.keySet().removeIf(place -> place.startsWith("redis contract-builder:"));
    var named = new Canonical();
    contracts.forEach(
        one -> named.name(one, one.equals(id) ? "<id>" : "<id " + contracts.indexOf(one) + ">"));
    proxies.forEach((one, proxy) -> named.name(proxy.authority(), "<" + one + ">"));
    // Digests are numbered as they are seen: in the order of their contracts.
    contracts.forEach(
        one ->
            named.text(
                snapshot.getOrDefault("storage SMARTCONTRACT/" + one + "/metadata.json", "")));
    return ChainSnapshot.changes(Map.of(), snapshot, named);
  }

  private Map<String, String> snapshot() throws IOException {
    var held = new TreeMap<String, String>();
    for (String one : contracts) {
      held.putAll(ChainSnapshot.of(bench, storage, one, seen));
    }
    List<String> transactions = chain.transactions();
    for (int i = 0; i < transactions.size(); i++) {
      held.put("ledger item " + (i + 1), TASK.matcher(transactions.get(i)).replaceAll("<task>"));
    }
    return held;
  }

  /** The calls of a kind of part that an action makes when nothing fails, once each. */
  List<String> calls(FaultyPart which) {
    return proxy(which).requests().stream().map(which::call).distinct().toList();
  }

  @Override
  public void close() {
    proxies.values().forEach(FaultProxy::close);
    chain.close();
    bench.close();
  }
}
