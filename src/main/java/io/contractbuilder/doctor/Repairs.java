package io.contractbuilder.doctor;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.SecretName;
import io.contractbuilder.image.ContractImages.Removal;
import io.contractbuilder.job.JobParts;
import io.contractbuilder.keys.ApiKey;
import io.contractbuilder.scheduler.ScheduledContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does what findings say that the doctor does; each may be repeated. */
final class Repairs {
  private final JobParts parts;
  private final Duration readiness;
  private final InstantSource clock;
  private final RandomGenerator random;

  Repairs(JobParts parts, Duration readiness, InstantSource clock, RandomGenerator random) {
    this.parts = parts;
    this.readiness = readiness;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Repairs it.
   *
   * @return why it is not mended; null: it is
   */
  @Nullable String repair(Finding finding) {
    return switch (finding) {
      case Unclear _ -> "it is not for the doctor to mend";
      case Missing missing -> {
        putBack(missing);
        yield null;
      }
      case Leftover leftover -> remove(leftover);
    };
  }

  private void putBack(Missing missing) {
    switch (missing) {
      case Missing.FunctionAstray astray ->
          parts.gateway().awaitReady(parts.gateway().deploy(astray.stored()), readiness);
      case Missing.KeyGone gone -> {
        ApiKey key = ApiKey.generate(gone.key(), random, clock.instant());
        // The key last: as long as it is not stored, it counts as gone.
        tell(gone.id(), SecretName.SECRET_KEY, key);
        tell(gone.id(), SecretName.AUTH_KEY_ID, key);
        parts.keys().save(key);
      }
      case Missing.KeyNotTold untold ->
          tell(
              untold.id(),
              new SecretName(untold.secret()),
              Objects.requireNonNull(parts.keys().find(untold.key())));
      case Missing.EnvironmentLost lost ->
          parts.documents().save(lost.contract().withMoreEnv(lost.lost()));
      case Missing.NotIndexed absent -> parts.index().put(absent.id(), absent.type());
      case Missing.NotScheduled absent -> schedule(absent.contract());
    }
  }

  private void tell(ContractId id, SecretName name, ApiKey key) {
    Secret value = name.equals(SecretName.SECRET_KEY) ? key.key() : new Secret(key.id());
    parts.gateway().putSecret(id.secretName(name), value);
  }

  private void schedule(Contract contract) {
    parts
        .scheduler()
        .schedule(
            new ScheduledContract(
                contract.id(),
                contract.type(),
                contract.executionOrder(),
                Objects.requireNonNull(contract.schedule())));
  }

  private @Nullable String remove(Leftover leftover) {
    switch (leftover) {
      case Leftover.LeftFunction left -> parts.gateway().deleteFunction(left.id().functionName());
      case Leftover.LeftSecret left -> parts.gateway().deleteSecret(left.name());
      case Leftover.LeftImage left -> {
        if (parts.images().delete(left.image()) instanceof Removal.NotAllowed(String warning)) {
          return warning;
        }
      }
      case Leftover.LeftKey left -> parts.keys().delete(left.key());
      case Leftover.LeftSchedule left ->
          parts.scheduler().unschedule(left.id(), left.type(), left.order());
      case Leftover.BadSchedule _ -> {
        return "it is not for the doctor to mend";
      }
      case Leftover.LeftDocument left -> parts.index().remove(left.id(), null);
      case Leftover.LeftType left -> {
        parts.index().remove(left.id(), left.type());
        parts.documents().removeType(left.type(), left.id());
      }
    }
    return null;
  }
}
