package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.UpdateContract;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a model knows of a contract: in which stage it is and, where it is live, as what. */
record Version(
    Stage stage,
    String image,
    String cmd,
    Map<String, String> env,
    TreeSet<String> secrets,
    @Nullable Schedule schedule,
    ExecutionOrder order,
    boolean active) {

  enum Stage {
    ABSENT,
    /** A create failed, and was taken back. */
    ERROR,
    LIVE,
    /** A delete began. */
    GOING
  }

  static final Version ABSENT = in(Stage.ABSENT);
  static final Version ERROR = in(Stage.ERROR);
  static final Version GOING = in(Stage.GOING);

  private static Version in(Stage stage) {
    return new Version(
        stage, "", "", Map.of(), new TreeSet<>(), null, ExecutionOrder.SERIAL, false);
  }

  /**
   * What is stored.
   *
   * @param announced the state before the webserver wrote {@code updating}
   */
  static Version of(@Nullable Contract contract, ContractState announced) {
    if (contract == null) {
      return ABSENT;
    }
    return switch (contract.status().state()) {
      case ERROR, PENDING -> ERROR;
      case DELETING, DELETE_FAILED -> GOING;
      case ACTIVE, INACTIVE -> live(contract, contract.status().state());
      case UPDATING -> live(contract, announced);
    };
  }

  private static Version live(Contract contract, ContractState state) {
    var env = new TreeMap<>(contract.env());
    env.keySet().removeIf(name -> !name.startsWith("E_"));
    var secrets = new TreeSet<>(contract.existingSecrets());
    secrets.remove(SecretName.SECRET_KEY.value());
    secrets.remove(SecretName.AUTH_KEY_ID.value());
    return new Version(
        Stage.LIVE,
        contract.image(),
        contract.cmd(),
        env,
        secrets,
        contract.schedule(),
        contract.executionOrder(),
        state == ContractState.ACTIVE);
  }

  static Version of(CreateContract task) {
    var secrets = new TreeSet<String>();
    task.secrets().keySet().forEach(name -> secrets.add(name.value()));
    return new Version(
        Stage.LIVE,
        task.image().toString(),
        task.cmd(),
        new TreeMap<>(task.env()),
        secrets,
        task.schedule(),
        task.executionOrder(),
        true);
  }

  Version active(boolean is) {
    return new Version(stage, image, cmd, env, secrets, schedule, order, is);
  }

  /** After an update. */
  Version with(UpdateContract task) {
    var changed = new TreeMap<>(env);
    changed.keySet().removeAll(task.unsetEnv());
    changed.putAll(task.env());
    var names = new TreeSet<>(secrets);
    task.unsetSecrets().forEach(name -> names.remove(name.value()));
    task.secrets().keySet().forEach(name -> names.add(name.value()));
    return new Version(
        stage,
        task.image() == null ? image : task.image().toString(),
        task.cmd() == null ? cmd : task.cmd(),
        changed,
        names,
        task.schedule() != null ? task.schedule() : task.disableSchedule() ? null : schedule,
        task.executionOrder() == null ? order : task.executionOrder(),
        task.desiredState() == null ? active : task.desiredState() == ContractState.ACTIVE);
  }
}
