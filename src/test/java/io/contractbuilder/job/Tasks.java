package io.contractbuilder.job;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.DeleteContract;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.contract.UpdateContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks of one contract. */
final class Tasks {
  static final ContractId ID = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  static final TransactionType TYPE = new TransactionType("currency");
  static final String CANARY = "c4n4ry";

  private Tasks() {}

  static CreateContract create() {
    return create(List.of("index.js"), null);
  }

  static CreateContract create(String image) {
    return create(image, List.of("index.js"), null);
  }

  static CreateContract create(List<String> args, @Nullable String watchdog) {
    return create("docker.io/acme/currency:1", args, watchdog);
  }

  private static CreateContract create(String image, List<String> args, @Nullable String watchdog) {
    return new CreateContract(
        ID,
        TYPE,
        ImageReference.parse(image),
        new RegistryCredentials("acme", new Secret(CANARY + "-auth")),
        "node",
        args,
        Map.of("RATE", "3"),
        Map.of(new SecretName("api-token"), new Secret(CANARY + "-1")),
        new Schedule.Every(30),
        ExecutionOrder.SERIAL,
        watchdog);
  }

  static DeleteContract delete() {
    return new DeleteContract(ID, TYPE, null, null, List.of());
  }

  static Update update() {
    return new Update();
  }

  /** An update that changes nothing but what it is told. */
  static final class Update {
    @Nullable ImageReference image;
    @Nullable String cmd;
    @Nullable List<String> args;
    Map<String, String> env = Map.of();
    Set<String> unsetEnv = Set.of();
    Map<SecretName, Secret> secrets = Map.of();
    Set<SecretName> unsetSecrets = Set.of();
    @Nullable Schedule schedule;
    boolean disableSchedule;
    @Nullable ExecutionOrder order;
    @Nullable ContractState start;
    @Nullable ContractState desired;
    @Nullable String watchdog;

    Update image(String reference) {
      image = ImageReference.parse(reference);
      return this;
    }

    Update env(String name, String value) {
      env = Map.of(name, value);
      return this;
    }

    Update unsetEnv(String name) {
      unsetEnv = Set.of(name);
      return this;
    }

    Update cmd(String changed) {
      cmd = changed;
      return this;
    }

    Update args(String... changed) {
      args = List.of(changed);
      return this;
    }

    Update secret(String name, String value) {
      secrets = Map.of(new SecretName(name), new Secret(value));
      return this;
    }

    Update unsetSecret(String name) {
      unsetSecrets = Set.of(new SecretName(name));
      return this;
    }

    Update seconds(int seconds) {
      schedule = new Schedule.Every(seconds);
      return this;
    }

    Update disableSchedule() {
      disableSchedule = true;
      return this;
    }

    Update order(ExecutionOrder changed) {
      order = changed;
      return this;
    }

    Update start(ContractState state) {
      start = state;
      return this;
    }

    Update desired(ContractState state) {
      desired = state;
      return this;
    }

    Update watchdog(String setting) {
      watchdog = setting;
      return this;
    }

    UpdateContract task() {
      return new UpdateContract(
          ID,
          TYPE,
          image,
          null,
          cmd,
          args,
          env,
          unsetEnv,
          secrets,
          unsetSecrets,
          schedule,
          disableSchedule,
          order,
          start,
          desired,
          watchdog);
    }
  }
}
