package io.contractbuilder.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.PartFailure;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.Status;
import io.contractbuilder.contract.UpdateContract;
import io.contractbuilder.job.Deed.Disturbance;
import io.contractbuilder.job.Version.Stage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does the deeds of a history, and holds what comes of each to the model. */
final class HistoryRun {
  private static final byte[] KEY = {1, 2, 3};

  private final World world = new World();
  private final Map<ContractId, ContractState> announced = new HashMap<>();

  /** Values that a secret may have, by the names of contract and secret. */
  private final Map<String, Set<String>> values = new HashMap<>();

  private HistoryRun() {
    world.crashing.add(Histories.CRASHES + " index.js");
    world.crashing.add(Histories.CRASHES + " main.ts");
  }

  static void of(List<Deed> history) {
    var run = new HistoryRun();
    history.forEach(run::perform);
    var ids = new HashSet<ContractId>();
    history.forEach(deed -> ids.add(deed.task().id()));
    for (Deed deed : history.reversed()) {
      if (ids.remove(deed.task().id())) {
        var last = new DeleteContract(deed.task().id(), deed.task().type(), null, null, List.of());
        run.perform(new Deed(last, false, List.of(), true));
      }
    }
    new WorldCheck(run.world, false).isEmpty();
  }

  private void perform(Deed deed) {
    ContractTask task = deed.announced() ? announce(deed.task()) : deed.task();
    String identity = TaskIdentity.of(task, KEY);
    for (Disturbance disturbance : deed.disturbances()) {
      attempt(task, identity, disturbance);
    }
    if (deed.finished() || deed.disturbances().isEmpty()) {
      attempt(task, identity, null);
    }
  }

  /** Writes what the webserver writes, and makes the event of it. */
  private ContractTask announce(ContractTask task) {
    Contract stored = world.documents().find(task.id());
    if (stored == null) {
      return task;
    }
    ContractState state = stored.status().state();
    return switch (task) {
      case CreateContract create -> create;
      case UpdateContract update -> {
        if (state != ContractState.ACTIVE && state != ContractState.INACTIVE) {
          yield update;
        }
        announced.put(task.id(), state);
        write(stored, ContractState.UPDATING);
        yield started(update, state);
      }
      case DeleteContract delete -> {
        write(stored, ContractState.DELETING);
        yield new DeleteContract(
            delete.id(),
            delete.type(),
            stored.imageDigest(),
            stored.authKeyId(),
            stored.existingSecrets().stream().map(SecretName::new).toList());
      }
    };
  }

  /** What the webserver sends with what it found; who comes later finds {@code updating}. */
  private static UpdateContract started(UpdateContract update, ContractState state) {
    return new UpdateContract(
        update.id(),
        update.type(),
        update.image(),
        update.auth(),
        update.cmd(),
        update.args(),
        update.env(),
        update.unsetEnv(),
        update.secrets(),
        update.unsetSecrets(),
        update.schedule(),
        update.disableSchedule(),
        update.executionOrder(),
        state,
        update.desiredState(),
        update.watchdog());
  }

  private void write(Contract stored, ContractState state) {
    world.documents().save(stored.withStatus(new Status(state, "", world.clock().instant())));
  }

  private void attempt(ContractTask task, String identity, @Nullable Disturbance disturbance) {
    Journal journal = journal(task.id());
    if (isStateLost(task, journal)) {
      announced.put(task.id(), ContractState.ACTIVE);
    }
    Version before = version(task.id());
    long ledgered = ledgered(identity);
    if (disturbance != null) {
      disturbance.on(world.effects);
    }
    @Nullable Outcome outcome = outcome(task, identity);
    Disturbance.none(world.effects);
    Version now = version(task.id());
    boolean isDone = outcome instanceof Outcome.Done;
    noteSecrets(task, isDone);
    boolean interfered =
        disturbance != null || (before.stage() == Stage.ERROR && task instanceof CreateContract);
    assertThat(now)
        .as("%s is a version that the model knows of, after %s", now, outcome)
        .isIn(new HistoryModel(before, journal).after(task, identity, isDone, interfered));
    if (isDone && now.stage() == Stage.LIVE) {
      assertThat(now.cmd()).as("what crashes does not serve").isNotEqualTo(Histories.CRASHES);
    }
    if (disturbance == null) {
      assertThat(outcome).as("undisturbed").isNotInstanceOf(Outcome.Retry.class).isNotNull();
    }
    if (outcome instanceof Outcome.Done done) {
      assertThat(ledgered(identity) - ledgered).as("transactions of " + task).isIn(0L, 1L);
      assertThat(world.transactions)
          .as("transactions of " + task)
          .containsKey(Objects.requireNonNull(journal(task.id())).transactionId());
      new WorldCheck(world, disturbance != null || done.repeat()).holds(task.id(), now, values);
    }
  }

  /** Whether nobody knows what the contract was before {@code updating}: then it is active. */
  private boolean isStateLost(ContractTask task, @Nullable Journal journal) {
    Contract stored = world.documents().find(task.id());
    return stored != null
        && stored.status().state() == ContractState.UPDATING
        && task instanceof UpdateContract update
        && update.startState() == null
        && (journal == null || journal.formerState == null);
  }

  /** Null if the process was killed. */
  private @Nullable Outcome outcome(ContractTask task, String identity) {
    try {
      return world.run(task, identity);
    } catch (Effects.Killed _) {
      return null;
    } catch (InvalidInput | PartFailure e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), List.of(), e);
    }
  }

  private void noteSecrets(ContractTask task, boolean done) {
    Map<SecretName, io.contractbuilder.contract.Secret> put =
        switch (task) {
          case CreateContract create -> create.secrets();
          case UpdateContract update -> update.secrets();
          case DeleteContract _ -> Map.of();
        };
    put.forEach(
        (name, value) -> {
          Set<String> possible =
              values.computeIfAbsent(task.id() + " " + name.value(), _ -> new HashSet<>());
          if (done) {
            possible.clear();
          }
          possible.add(value.reveal());
        });
  }

  private @Nullable Journal journal(ContractId id) {
    return new Journals(world.store).find(id);
  }

  private long ledgered(String identity) {
    return world.transactions.values().stream().filter(t -> t.task().equals(identity)).count();
  }

  /** What the contract is, or will be made by whoever comes next. */
  private Version version(ContractId id) {
    Journal journal = journal(id);
    Contract contract =
        journal == null || journal.result == null
            ? world.documents().find(id)
            : journal.result.contract();
    return Version.of(contract, announced.getOrDefault(id, ContractState.ACTIVE));
  }
}
