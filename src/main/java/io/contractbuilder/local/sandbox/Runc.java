package io.contractbuilder.local.sandbox;

import io.contractbuilder.json.Json;
import io.contractbuilder.local.rootfs.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Root's containers. The image lies below an overlay that is mounted in a mount namespace of its
 * own, which ends with the container: nothing can stay mounted.
 */
final class Runc implements ContainerRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(Runc.class);
  private static final String OVERLAY =
      "mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work rootfs || exit 125";
  private static final String START = "\"$1\" --root \"$2\" run --pid-file pid --bundle . \"$3\"";
  private static final String STOP = "kill -9 $(cat pid)";
  private final Path program;
  private final Path unshare;
  private final boolean overlay;
  private final boolean limits;

  /**
   * @param overlay whether the host mounts overlays in this place; else the image is copied
   * @param limits whether the host's control groups hold limits
   */
  Runc(Path program, Path unshare, boolean overlay, boolean limits) {
    this.program = program;
    this.unshare = unshare;
    this.overlay = overlay;
    this.limits = limits;
  }

  /** Finds out what the host can do. */
  static Runc on(Path program, Path unshare, Path scratch) throws IOException {
    boolean limits = holdsLimits();
    if (!limits) {
      LOG.warn("no writable control groups here: functions run without memory and CPU limits");
    }
    return new Runc(program, unshare, mountsOverlays(unshare, scratch), limits);
  }

  private static boolean holdsLimits() {
    Path groups = Path.of("/sys/fs/cgroup");
    if (Files.exists(groups.resolve("cgroup.controllers"))) {
      return Files.isWritable(groups.resolve("cgroup.subtree_control"));
    }
    return List.of("memory", "cpu", "pids", "devices").stream()
        .allMatch(c -> Files.isWritable(groups.resolve(c).resolve("cgroup.procs")));
  }

  private static boolean mountsOverlays(Path unshare, Path scratch) throws IOException {
    Path probe = Files.createDirectories(scratch.resolve("probe"));
    for (String folder : List.of("lower", "upper", "work", "rootfs")) {
      Files.createDirectories(probe.resolve(folder));
    }
    String script = "cd \"$1\" && " + OVERLAY + " 2>/dev/null";
    Process p =
        Lifeline.start(
            List.of(
                unshare.toString(), "--mount", "/bin/sh", "-c", script, "probe", probe.toString()));
    try {
      return p.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      p.destroyForcibly();
      Trees.delete(probe);
    }
  }

  @Override
  public String name() {
    return "runc";
  }

  @Override
  public boolean keepsOwners() {
    return true;
  }

  @Override
  public Process start(ContainerSpec spec) throws IOException {
    Path folder = spec.folder();
    Trees.delete(folder.resolve("pid"));
    if (overlay) {
      layOut(spec);
    } else {
      copy(spec);
    }
    Lifeline.writePrivately(folder.resolve("config.json"), Json.text(RuncConfig.of(spec, limits)));
    return Lifeline.start(
        List.of(
            unshare.toString(),
            "--mount",
            "/bin/sh",
            "-c",
            Lifeline.script(overlay ? OVERLAY : "", START, STOP),
            "contract-builder-function",
            folder.toString(),
            program.toString(),
            states(folder).toString(),
            "cb-" + spec.instance()));
  }

  private static Path states(Path folder) {
    return folder.resolveSibling("runc");
  }

  /** A fresh file system for each start, as a container that is made again has. */
  private static void layOut(ContainerSpec spec) throws IOException {
    Path folder = spec.folder();
    for (String name : List.of("upper", "work", "rootfs", "lower")) {
      Trees.delete(folder.resolve(name));
    }
    for (String name : List.of("upper", "work", "rootfs")) {
      Files.createDirectory(folder.resolve(name));
    }
    // The overlay's root looks as its upper layer's does.
    Files.setPosixFilePermissions(
        folder.resolve("upper"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(folder.resolve("lower"), spec.image().rootfs());
  }

  private static void copy(ContainerSpec spec) throws IOException {
    Path target = spec.folder().resolve("rootfs");
    Trees.delete(target);
    Process p =
        Lifeline.start(
            List.of(
                "cp", "-a", "--reflink=auto", spec.image().rootfs().toString(), target.toString()));
    try {
      if (p.waitFor() != 0) {
        throw new IOException("the image could not be copied to " + target);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      p.destroyForcibly();
    }
  }

  @Override
  public long firstProcess(Path folder) {
    try {
      return Long.parseLong(
          Files.readString(folder.resolve("pid"), StandardCharsets.UTF_8).strip());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void sweep(Path runFolder) throws IOException {
    Path states = runFolder.resolve("runc");
    if (!Files.isDirectory(states)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(states)) {
      for (Path one : left) {
        delete(states, String.valueOf(one.getFileName()));
      }
    }
  }

  private void delete(Path states, String id) throws IOException {
    Process p =
        Lifeline.start(
            List.of(program.toString(), "--root", states.toString(), "delete", "--force", id));
    try {
      if (!p.waitFor(10, TimeUnit.SECONDS)) {
        throw new IOException("runc delete --force " + id + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      p.destroyForcibly();
    }
  }
}
