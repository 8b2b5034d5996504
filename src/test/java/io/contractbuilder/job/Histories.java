package io.contractbuilder.job;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
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
import io.contractbuilder.job.Deed.Disturbance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes histories of several contracts, as a seed wants them. */
final class Histories {
  /** A program that does not get ready. */
  static final String CRASHES = "crashes";

  private static final List<ContractId> IDS =
      List.of(
          new ContractId("11111111-0a4e-4a55-9f0b-6c0f9a1a2b3c"),
          new ContractId("22222222-0a4e-4a55-9f0b-6c0f9a1a2b3c"),
          new ContractId("33333333-0a4e-4a55-9f0b-6c0f9a1a2b3c"));

  private static final List<String> PARTS =
      List.of(
          "gateway.deploy",
          "gateway.awaitReady",
          "gateway.putSecret",
          "gateway.deleteSecret",
          "gateway.deleteFunction",
          "gateway",
          "images.build",
          "images.delete",
          "images",
          "scheduler",
          "ledger",
          "index",
          "store.put SMARTCONTRACT",
          "store.put KEYS",
          "store.put CONTRACT_BUILDER",
          "store.delete",
          "store");

  private static final List<Effects.Trouble> TROUBLES = List.of(Effects.Trouble.values());

  private final Random random;

  Histories(long seed) {
    random = new Random(seed);
  }

  List<Deed> history() {
    var deeds = new ArrayList<Deed>();
    int length = 2 + random.nextInt(9);
    int contracts = 1 + random.nextInt(IDS.size());
    for (int i = 0; i < length; i++) {
      // The same again is as good an event as any.
      ContractTask task =
          !deeds.isEmpty() && random.nextInt(8) == 0
              ? deeds.get(random.nextInt(deeds.size())).task()
              : task(random.nextInt(contracts), i == 0);
      deeds.add(new Deed(task, random.nextInt(4) > 0, disturbances(), random.nextBoolean()));
    }
    return deeds;
  }

  private List<Disturbance> disturbances() {
    var disturbances = new ArrayList<Disturbance>();
    for (int chance = random.nextInt(10); chance > 3; chance -= 4) {
      boolean breaks = random.nextInt(3) == 0;
      Effects.Trouble trouble =
          breaks && random.nextBoolean() ? null : TROUBLES.get(random.nextInt(TROUBLES.size()));
      disturbances.add(
          new Disturbance(
              random.nextInt(60),
              trouble,
              breaks ? PARTS.get(random.nextInt(PARTS.size())) : null,
              random.nextInt(5) > 0));
    }
    return disturbances;
  }

  private ContractTask task(int contract, boolean first) {
    ContractId id = IDS.get(contract);
    var type = new TransactionType("type-" + contract);
    int kind = first ? 0 : random.nextInt(10);
    if (kind < 3) {
      return create(id, type);
    }
    return kind < 8 ? update(id, type) : new DeleteContract(id, type, null, null, List.of());
  }

  private CreateContract create(ContractId id, TransactionType type) {
    var env = new TreeMap<String, String>();
    env.put("E_RATE", Integer.toString(random.nextInt(3)));
    return new CreateContract(
        id,
        type,
        image(),
        null,
        random.nextInt(8) == 0 ? CRASHES : "node",
        List.of("index.js"),
        env,
        random.nextBoolean() ? Map.of() : Map.of(secretName(), secret()),
        schedule(),
        order(),
        null);
  }

  private UpdateContract update(ContractId id, TransactionType type) {
    return new UpdateContract(
        id,
        type,
        maybe(3) ? image() : null,
        null,
        maybe(8) ? CRASHES : maybe(4) ? "deno" : null,
        maybe(6) ? List.of("main.ts") : null,
        maybe(3) ? Map.of("E_RATE", Integer.toString(random.nextInt(3))) : Map.of(),
        maybe(6) ? Set.of("E_RATE") : Set.of(),
        maybe(3) ? Map.of(secretName(), secret()) : Map.of(),
        maybe(5) ? Set.of(secretName()) : Set.of(),
        maybe(3) ? schedule() : null,
        maybe(5),
        maybe(6) ? order() : null,
        null,
        desired(),
        maybe(12) ? "one that nobody has" : null);
  }

  private boolean maybe(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private @Nullable ContractState desired() {
    if (!maybe(4)) {
      return null;
    }
    return random.nextBoolean() ? ContractState.ACTIVE : ContractState.INACTIVE;
  }

  private ImageReference image() {
    return ImageReference.parse("docker.io/acme/currency:" + (1 + random.nextInt(2)));
  }

  private SecretName secretName() {
    return new SecretName(random.nextBoolean() ? "one" : "two");
  }

  private Secret secret() {
    return new Secret("value-" + random.nextInt(5));
  }

  private @Nullable Schedule schedule() {
    return random.nextBoolean() ? null : new Schedule.Every(10 * (1 + random.nextInt(3)));
  }

  private ExecutionOrder order() {
    return random.nextBoolean() ? ExecutionOrder.SERIAL : ExecutionOrder.PARALLEL;
  }
}
