package io.contractbuilder.storage.disk;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system in memory that no other process sees; reached through the process that mounted it.
 */
public record Mount(Process holder, Path folder) implements AutoCloseable {
  private static final String FILLER = "filler";

  /**
   * Mounts one, or skips the test where that is not allowed.
   *
   * @param at where
   * @param options of tmpfs
   * @param then what a shell does in it first; {@code "$0"} is the folder
   */
  public static Mount of(Path at, String options, String then) throws IOException {
    String script =
        "mount -t tmpfs -o "
            + options
            + " tmpfs \"$0\" && "
            + then
            + " && echo mounted && exec cat";
    Process holder;
    try {
      holder =
          new ProcessBuilder("unshare", "-m", "sh", "-c", script, at.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeThat(e).as("unshare is not on this machine").isNull();
      throw e;
    }
    String said = holder.inputReader().readLine();
    assumeThat(said).as("this machine lets this user mount nothing").isEqualTo("mounted");
    return new Mount(holder, Path.of("/proc/" + holder.pid() + "/root" + at));
  }

  /** Leaves no room. */
  public void fill() {
    try (var out = Files.newOutputStream(folder.resolve(FILLER))) {
      var page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      // It is full.
    }
  }

  /** Gives the room back. */
  public void empty() {
    try {
      Files.deleteIfExists(folder.resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    holder.destroyForcibly().onExit().join();
  }
}
