package io.contractbuilder.cli;

import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractTask;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.doctor.Finding;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.ImagePlatform;
import io.contractbuilder.job.JobListener;
import io.contractbuilder.job.Journal;
import io.contractbuilder.job.Outcome;
import io.contractbuilder.openfaas.FunctionGateway;
import io.contractbuilder.queue.DeadLetters;
import io.contractbuilder.settings.EffectiveSetting;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What commands call. Nothing of it is made, read or contacted before it is used. */
public interface Program {

  /**
   * Which arguments a watchdog can hand on; nothing is contacted.
   *
   * @param watchdog as the setting; null: the configured one
   */
  ArgumentRules argumentRules(@Nullable String watchdog);

  /** Does one task, as its own and no repeat of another. */
  Outcome run(ContractTask task, JobListener listener);

  /** Does the task of an event; the same event again is a repeat. */
  Outcome run(byte[] event, JobListener listener);

  /**
   * Does the tasks of the chain's queue until the process is told to end.
   *
   * @param workers how many at a time
   * @param views a listener for each task
   */
  void process(int workers, Supplier<JobListener> views);

  /** The tasks of the chain's queue that failed for good. */
  DeadLetters deadLetters();

  /** All stored contracts, by type. */
  List<Contract> contracts();

  /** What a contract's last job did, also of one that was deleted lately; null: no job of ours. */
  @Nullable Journal journal(ContractId id);

  /** The gateway that contracts are deployed to. */
  FunctionGateway gateway();

  /**
   * Makes a function's image of a customer's image and puts it at {@code target}.
   *
   * @param platform the one that is taken of an index; null: all that the watchdog is there for
   * @param contract whose image it becomes; null: no contract's
   * @param watchdog as the setting; null: the configured one
   * @param mountFrom a repository of the target's registry that has the layers; null: none is known
   */
  BuiltImage wrap(
      ImageReference source,
      @Nullable ImagePlatform platform,
      ImageReference target,
      @Nullable RegistryCredentials credentials,
      @Nullable ContractId contract,
      @Nullable String watchdog,
      @Nullable String mountFrom,
      CopyListener listener);

  /**
   * Starts the local platform.
   *
   * @param port of its gateway on loopback; 0: any
   * @param hostNetwork whether functions share the host's network
   */
  RunningPlatform startPlatform(int port, boolean hostNetwork);

  /** The settings that hold; nothing is contacted. */
  List<EffectiveSetting> configuration();

  /** Contacts every part that the settings name, one after another, and tells of each. */
  void check(Consumer<CheckedPart> listener);

  /**
   * Looks where the parts disagree about contracts.
   *
   * @param repair whether what can be repaired without a guess is
   */
  void doctor(boolean repair, Finding.Listener listener);

  /** The same program, but with all that it keeps in {@code state}. */
  Program inState(Path state);

  /** Where the program's own files are (jars, watchdogs, the demonstration's image). */
  Path home();

  /**
   * How a part was found.
   *
   * @param answers whether it does, and takes what this program will ask of it
   * @param says its version, or what went wrong
   * @param remedy what to do; empty: nothing
   */
  record CheckedPart(String name, boolean answers, String says, String remedy) {}

  /** A platform that runs until it is closed. */
  interface RunningPlatform extends AutoCloseable {
    URI gateway();

    /** How functions run, for people: {@code runc}, {@code bubblewrap}. */
    String runtime();

    @Override
    void close();
  }
}
