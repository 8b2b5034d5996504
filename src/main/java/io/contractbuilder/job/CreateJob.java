package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.CreateContract;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.contract.Status;
import io.contractbuilder.image.ImageCommand;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.job.DeployedImage.WatchdogUsed;
import io.contractbuilder.keys.ApiKey;
import io.contractbuilder.openfaas.FunctionSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates a contract, in the order of the reference's "Flow", which the comments quote. */
final class CreateJob implements ContractFlow {
  private static final String FAILED = "Creation failed: ";

  private final CreateContract task;
  private final Watchdog watchdog;
  private final HeldParts parts;
  private final JobRun run;
  private final ContractSteps steps;
  private @Nullable Contract failed;

  CreateJob(
      CreateContract task, Watchdog watchdog, HeldParts parts, JobRun run, ContractSteps steps) {
    this.task = task;
    this.watchdog = watchdog;
    this.parts = parts;
    this.run = run;
    this.steps = steps;
  }

  @Override
  public Contract perform() {
    // "builds the contract image and pushes to the private docker repository"
    DeployedImage image = run.take(Step.IMAGE, this::buildImage);
    // "sets the relevant environment variables"
    Map<String, String> env = run.take(Step.ENVIRONMENT, this::environment);
    // "generates new api keys for the smart contract"
    ApiKey key = run.take(Step.KEY, steps::saveKey);
    // "deploys necessary secrets to OpenFaaS"
    Map<SecretName, Secret> secrets = secrets(key);
    run.make(Step.SECRETS, () -> steps.putSecrets(task.id(), secrets, List.of()));

    Contract contract =
        contract(
            task,
            status(ContractState.ACTIVE, "Creation success"),
            key.id(),
            image.image(),
            env,
            names(secrets));
    // "deploys the function itself to OpenFaaS", and sees that it answers
    FunctionSpec function = steps.deployAndAwait(spec(contract, image));

    // "schedules recurring execution with the scheduler if necessary"
    // A create that was cut off may have asked for another schedule.
    if (run.journal().scheduleTouched || ContractSteps.isScheduled(contract)) {
      run.make(Step.SCHEDULE, () -> steps.schedule(contract));
    } else {
      run.skip(Step.SCHEDULE);
    }
    // "ledgers a transaction ... with information about the deployed smart contract"; metadata
    return new Commit(parts, run).make(new Journal.Result(contract, function, image));
  }

  private DeployedImage buildImage() {
    steps.findLostImage(task.id(), null);
    var used = WatchdogUsed.of(task.watchdog(), watchdog);
    Digest base = steps.resolve(task.image(), task.auth(), used);
    var command = new ImageCommand(task.cmd(), task.env().get("PATH"));
    return steps.build(task.id(), task.image(), base, task.auth(), watchdog, used, command);
  }

  private Map<String, String> environment() {
    return ContractFunction.environment(task.env(), task.id(), task.type(), parts.chain());
  }

  private Map<SecretName, Secret> secrets(ApiKey key) {
    var secrets = new LinkedHashMap<>(task.secrets());
    secrets.put(SecretName.SECRET_KEY, key.key());
    secrets.put(SecretName.AUTH_KEY_ID, new Secret(key.id()));
    return secrets;
  }

  private FunctionSpec spec(Contract contract, DeployedImage image) {
    return ContractFunction.spec(
        contract,
        parts.images().reference(image.image()),
        image.watchdog().version(),
        image.watchdog().carriesAnyArgument(),
        parts.chain());
  }

  /** The reverse of {@link #perform}. */
  @Override
  public List<String> rollBack() {
    Journal journal = run.journal();
    var made = new RollBack(parts, journal, "contract-builder delete " + task.id());
    if (journal.scheduleTouched) {
      made.restore(
          "the schedule",
          () -> parts.scheduler().unschedule(task.id(), task.type(), task.executionOrder()));
    }
    if (journal.function != Journal.Mark.UNTOUCHED) {
      String function = task.id().functionName();
      made.restore("function " + function, () -> parts.gateway().deleteFunction(function));
    }
    var secrets = new LinkedHashSet<>(journal.secretsMade);
    secrets.addAll(journal.obsoleteSecrets);
    journal.obsoleteSecrets.clear();
    made.removeSecrets(secrets);
    if (journal.apiKeyId != null) {
      made.removeKey(journal.apiKeyId);
    }
    var images = new LinkedHashSet<>(journal.obsoleteImages);
    if (journal.built != null) {
      images.add(journal.built);
    }
    journal.obsoleteImages.clear();
    images.forEach(made::removeImage);
    made.removeLostImage(null);
    List<String> leftovers = made.finish();
    failed =
        contract(
            task,
            status(ContractState.ERROR, ""),
            made.isKeyLeft() ? journal.apiKeyId : null,
            journal.obsoleteImages.stream().findFirst().orElse(null),
            environment(),
            new ArrayList<>(journal.obsoleteSecrets));
    return leftovers;
  }

  @Override
  public Contract afterFailure(String reason) {
    Contract left = failed == null ? nothing(task, parts.chain(), run.now()) : failed;
    return left.withStatus(status(ContractState.ERROR, FAILED + reason));
  }

  /** A contract of which nothing was made. */
  static Contract neverMade(CreateContract task, ChainIdentity chain, String reason, Instant now) {
    return failed(nothing(task, chain, now), reason, now);
  }

  static Contract failed(Contract contract, String reason, Instant now) {
    return contract.withStatus(new Status(ContractState.ERROR, FAILED + reason, now));
  }

  /** Whether a stored contract waits for a create, or for another one. */
  static boolean isUnmade(Contract stored) {
    return switch (stored.status().state()) {
      case ERROR, PENDING -> true;
      case ACTIVE, INACTIVE, UPDATING, DELETING, DELETE_FAILED -> false;
    };
  }

  private static Contract nothing(CreateContract task, ChainIdentity chain, Instant now) {
    return contract(
        task,
        new Status(ContractState.ERROR, "", now),
        null,
        null,
        ContractFunction.environment(task.env(), task.id(), task.type(), chain),
        List.of());
  }

  private Status status(ContractState state, String message) {
    return new Status(state, message, run.now());
  }

  private static List<String> names(Map<SecretName, Secret> secrets) {
    return secrets.keySet().stream().map(SecretName::value).toList();
  }

  private static Contract contract(
      CreateContract task,
      Status status,
      @Nullable String keyId,
      @Nullable Digest image,
      Map<String, String> env,
      List<String> secrets) {
    return new Contract(
        task.type(),
        task.id(),
        status,
        task.image().written(),
        keyId,
        image,
        task.cmd(),
        task.args(),
        env,
        secrets,
        task.schedule(),
        task.executionOrder());
  }
}
