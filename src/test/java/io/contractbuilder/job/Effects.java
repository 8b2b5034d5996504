package io.contractbuilder.job;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every call that reaches a part, in order; can make one of them fail. */
final class Effects {
  /** What becomes of the chosen call. */
  enum Trouble {
    FAILS_BEFORE,
    FAILS_AFTER,
    KILLED_BEFORE,
    KILLED_AFTER
  }

  /** The process is gone. */
  static final class Killed extends Error {
    Killed() {
      super("killed", null, false, false);
    }
  }

  private final List<String> calls = new ArrayList<>();
  private int count;
  private int troubled = -1;
  private @Nullable Trouble trouble;
  private volatile boolean dead;
  private boolean retryHelps = true;

  /** Calls whose names begin so fail whenever they are made; null: none. */
  @Nullable String broken;

  /** Whether what fails is a part that was waited for in vain. */
  boolean silent;

  /** Lets the call with this number, from 0, end in trouble. */
  void troubleAt(int call, Trouble kind) {
    count = 0;
    troubled = call;
    trouble = kind;
  }

  void retryHelps(boolean helps) {
    retryHelps = helps;
  }

  /** A new process on the same parts. */
  void revive() {
    troubled = -1;
    trouble = null;
    dead = false;
    count = 0;
    calls.clear();
  }

  interface Effect<T> {
    T apply();
  }

  interface Finding<T> {
    @Nullable T apply();
  }

  <T> @Nullable T find(String name, Finding<T> finding) {
    return call(name, () -> Optional.ofNullable(finding.apply())).orElse(null);
  }

  /** What changes nothing is no effect; but who is dead asks nothing. */
  <T> @Nullable T ask(Finding<T> question) {
    if (dead) {
      throw new Killed();
    }
    return question.apply();
  }

  synchronized <T> T call(String name, Effect<T> effect) {
    if (dead) {
      throw new Killed();
    }
    Trouble now = count++ == troubled ? trouble : null;
    calls.add(name);
    if (now == Trouble.KILLED_BEFORE) {
      dead = true;
      throw new Killed();
    }
    if (now == Trouble.FAILS_BEFORE || (broken != null && name.startsWith(broken))) {
      throw new BrokenPart(name, retryHelps, silent);
    }
    T result = effect.apply();
    if (now == Trouble.KILLED_AFTER) {
      dead = true;
      throw new Killed();
    }
    if (now == Trouble.FAILS_AFTER) {
      throw new BrokenPart(name, retryHelps, silent);
    }
    return result;
  }

  int count() {
    return count;
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  /** Those that change something, without the journal's. */
  List<String> changes() {
    return calls.stream()
        .filter(call -> call.indexOf('?') < 0)
        .filter(call -> !call.contains("JOURNAL"))
        .toList();
  }

  /** A part that does not do what it is asked. */
  static final class BrokenPart extends io.contractbuilder.contract.PartFailure {
    BrokenPart(String operation, boolean retryHelps, boolean silent) {
      super(
          "part",
          operation,
          "it broke",
          "Mend it",
          retryHelps,
          silent ? new SocketTimeoutException() : null);
    }
  }
}
