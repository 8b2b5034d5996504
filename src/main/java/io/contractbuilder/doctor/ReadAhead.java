package io.contractbuilder.doctor;

import io.contractbuilder.storage.StorageException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads several objects at a time, as a storage far away takes its time for each, and hands them on
 * one after another. Few are held at once, however many there are.
 */
final class ReadAhead {
  private static final int READERS = 8;
  private static final int HELD = 64;

  private ReadAhead() {}

  /** Hands on what is read of each, in their order. */
  static <I, O> void each(Iterable<I> inputs, Function<I, O> read, Consumer<O> then) {
    ExecutorService readers =
        Executors.newFixedThreadPool(
            READERS, Thread.ofPlatform().daemon().name("reader ", 0).factory());
    var waiting = new ArrayDeque<Future<O>>();
    try {
      for (I input : inputs) {
        waiting.add(readers.submit(() -> read.apply(input)));
        if (waiting.size() > HELD) {
          then.accept(result(waiting.remove()));
        }
      }
      while (!waiting.isEmpty()) {
        then.accept(result(waiting.remove()));
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private static <O> O result(Future<O> reading) {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "(all)", "read the contracts", "it was interrupted", "Run the same again", true, e);
    }
  }
}
