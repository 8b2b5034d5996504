package io.contractbuilder.job;

import io.contractbuilder.contract.Contract;
import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.ContractState;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.openfaas.FunctionSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contract's record of its last job: what the job decided, before it acted on it, and what became
 * of each step. No secret's value is in it. {@link Journals} keeps it.
 */
public final class Journal {
  /** Whether the job ended. */
  public enum State {
    /** It goes on, or was cut off. */
    RUNNING,
    DONE,
    /** It failed, and what it had made was taken back as far as that was possible. */
    FAILED;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How far the function was changed. */
  enum Mark {
    UNTOUCHED,
    /** What the gateway runs is not certain. */
    TOUCHED,
    READY
  }

  /**
   * Everything is made but ledger, documents and what is to be removed: from here a job that was
   * cut off only goes on, whoever does it.
   *
   * @param function null: as stored
   * @param image null: nothing is known of it
   */
  record Result(
      Contract contract, @Nullable FunctionSpec function, @Nullable DeployedImage image) {}

  private final ContractId contract;
  private final TransactionType type;
  private final String identity;
  private final String action;
  private final String transactionId;
  private final Instant started;

  /** Of the lock that the job has, as {@code ContractLock.Held#token}; tells jobs' order. */
  long lockToken;

  State state = State.RUNNING;
  @Nullable Instant ended;
  String message = "";
  @Nullable String apiKeyId;
  @Nullable ContractState formerState;
  @Nullable Digest base;
  @Nullable Digest built;
  DeployedImage.@Nullable WatchdogUsed watchdog;
  Mark function = Mark.UNTOUCHED;

  /** What the gateway took, once it is ready. */
  @Nullable FunctionSpec ready;

  boolean scheduleTouched;
  @Nullable Result result;

  /** Not written: whether this run had its transaction taken. */
  boolean ledgered;

  /** Whether an earlier build may have pushed an image whose digest nobody wrote down. */
  boolean imageLost;

  /** What serves now, as far as a job of ours deployed it. */
  @Nullable DeployedImage deployed;

  /** Names of secrets that this job makes and that the contract did not have. */
  final Set<String> secretsMade = new LinkedHashSet<>();

  /** Names of secrets that this job gives values. */
  final Set<String> secretsPut = new LinkedHashSet<>();

  /** Images that nothing needs any more once this job is done. */
  final Set<Digest> obsoleteImages = new LinkedHashSet<>();

  /** Names of secrets that nothing needs any more once this job is done. */
  final Set<String> obsoleteSecrets = new LinkedHashSet<>();

  final List<StepRecord> steps = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();

  Journal(
      ContractId contract,
      TransactionType type,
      String identity,
      String action,
      String transactionId,
      Instant started) {
    this.contract = contract;
    this.type = type;
    this.identity = identity;
    this.action = action;
    this.transactionId = transactionId;
    this.started = started;
  }

  public ContractId contract() {
    return contract;
  }

  public TransactionType type() {
    return type;
  }

  /** Of the task ({@link TaskIdentity}), or what the caller gave. */
  public String identity() {
    return identity;
  }

  /** {@code create}, {@code update} or {@code delete}. */
  public String action() {
    return action;
  }

  public String transactionId() {
    return transactionId;
  }

  public Instant started() {
    return started;
  }

  public State state() {
    return state;
  }

  /** When the job ended; null: it did not. */
  public @Nullable Instant ended() {
    return ended;
  }

  /** Why it failed; empty otherwise. */
  public String message() {
    return message;
  }

  /** What serves now; null if no job of ours deployed it. */
  public @Nullable DeployedImage deployed() {
    return deployed;
  }

  /** The id of the API key that the contract has, or was to have; null if none was decided. */
  public @Nullable String apiKeyId() {
    return apiKeyId;
  }

  /** Images that jobs made and that nothing needs, but that could not be removed yet. */
  public Set<Digest> obsoleteImages() {
    return Set.copyOf(obsoleteImages);
  }

  /** Every image that this job or one before it made or knew. */
  public Set<Digest> images() {
    var images = new LinkedHashSet<>(obsoleteImages);
    if (built != null) {
      images.add(built);
    }
    if (deployed != null) {
      images.add(deployed.image());
    }
    return images;
  }

  /** The steps of the last run, in their order. */
  public List<StepRecord> steps() {
    return List.copyOf(steps);
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The job ended well. */
  void finished(@Nullable DeployedImage image, Instant when) {
    deployed = image;
    state = State.DONE;
    ended = when;
    base = null;
    built = null;
    watchdog = null;
    result = null;
    formerState = null;
    function = Mark.UNTOUCHED;
    scheduleTouched = false;
    ready = null;
    secretsPut.clear();
    secretsMade.clear();
  }

  /** Whether the job goes on, or was cut off. */
  public boolean isUnfinished() {
    return state == State.RUNNING;
  }

  /** Whether this is what stays of a deleted contract. */
  public boolean isTombstone() {
    return state == State.DONE && action.equals("delete");
  }

  /** Goes on with the same task's journal that was cut off: every decision stands. */
  void resume(Journal before) {
    inherit(before);
    imageLost = before.imageLost;
    base = before.base;
    built = before.built;
    watchdog = before.watchdog;
    obsoleteImages.remove(before.built);
    function = before.function;
    ready = before.ready;
    secretsPut.addAll(before.secretsPut);
    secretsMade.addAll(before.secretsMade);
    obsoleteSecrets.removeAll(before.secretsMade);
  }

  /** Whether a build was begun of which nobody heard the end. */
  boolean mayHaveLostImage() {
    return base != null && built == null;
  }

  /**
   * Takes over what an earlier job leaves: what serves, what it left behind, what it left
   * uncertain.
   */
  void inherit(Journal before) {
    apiKeyId = before.apiKeyId;
    deployed = before.deployed;
    obsoleteImages.addAll(before.obsoleteImages);
    obsoleteSecrets.addAll(before.obsoleteSecrets);
    if (before.state == State.DONE) {
      return;
    }
    formerState = before.formerState;
    imageLost = before.imageLost || before.mayHaveLostImage();
    function = before.function == Mark.UNTOUCHED ? Mark.UNTOUCHED : Mark.TOUCHED;
    scheduleTouched = before.scheduleTouched;
    obsoleteSecrets.addAll(before.secretsMade);
    if (before.built != null) {
      obsoleteImages.add(before.built);
    }
  }

  /** Decides to take everything back: nobody may go on from what was ready. */
  void rollBack() {
    result = null;
    ready = null;
    if (function == Mark.READY) {
      function = Mark.TOUCHED;
    }
  }

  /** The job failed. */
  void failed(String reason, Instant when) {
    state = State.FAILED;
    message = reason;
    ended = when;
  }

  /** What the job made is gone again, but for what could not be removed. */
  void rolledBack(boolean restored, Collection<Digest> imagesLeft, Collection<String> secretsLeft) {
    base = null;
    built = null;
    watchdog = null;
    ready = null;
    result = null;
    secretsMade.clear();
    if (restored) {
      function = Mark.UNTOUCHED;
      scheduleTouched = false;
    }
    obsoleteImages.addAll(imagesLeft);
    obsoleteSecrets.addAll(secretsLeft);
  }
}
