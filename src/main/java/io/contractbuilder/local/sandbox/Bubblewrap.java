package io.contractbuilder.local.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An ordinary user's containers: user namespace, own network, the image read-only with memory for
 * {@code /tmp}, {@code /var/tmp} and {@code /run}. It holds no limits.
 */
final class Bubblewrap implements ContainerRuntime {
  private static final String SCRIPT =
      Lifeline.script("", "\"$@\" 4<args 5>status", "kill -9 $child");
  private final Path program;

  Bubblewrap(Path program) {
    this.program = program;
  }

  @Override
  public String name() {
    return "bwrap";
  }

  @Override
  public boolean keepsOwners() {
    return false;
  }

  @Override
  public Process start(ContainerSpec spec) throws IOException {
    // The environment goes by a file: an argument list is everybody's to read.
    Lifeline.writePrivately(
        spec.folder().resolve("args"), String.join("\0", arguments(spec)) + "\0");
    Files.deleteIfExists(spec.folder().resolve("status"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "contract-builder-function",
                spec.folder().toString(),
                program.toString(),
                "--args",
                "4",
                "--json-status-fd",
                "5",
                "--"));
    command.addAll(spec.image().command());
    return Lifeline.start(command);
  }

  private static List<String> arguments(ContainerSpec spec) {
    List<String> args =
        new ArrayList<>(
            List.of("--unshare-all", "--unshare-user", "--die-with-parent", "--as-pid-1"));
    if (spec.hostNetwork()) {
      args.add("--share-net");
    }
    args.addAll(List.of("--new-session", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"));
    args.addAll(List.of("--hostname", spec.hostname(), "--clearenv"));
    spec.environment()
        .forEach(
            (name, value) -> {
              args.addAll(List.of("--setenv", name, value));
            });
    Path rootfs = spec.image().rootfs();
    args.addAll(List.of("--ro-bind", rootfs.toString(), "/", "--proc", "/proc", "--dev", "/dev"));
    for (String memory : List.of("/tmp", "/var/tmp", "/run")) {
      args.addAll(List.of("--perms", "1777", "--tmpfs", memory));
    }
    args.addAll(List.of("--ro-bind", spec.folder() + "/secrets", ContainerSpec.SECRETS));
    args.addAll(List.of("--bind", spec.folder() + "/door", ContainerSpec.DOOR));
    if (spec.hostNetwork()) {
      for (String file : List.of("/etc/resolv.conf", "/etc/hosts")) {
        if (Files.isRegularFile(rootfs.resolve(file.substring(1)), LinkOption.NOFOLLOW_LINKS)) {
          args.addAll(List.of("--ro-bind-try", file, file));
        }
      }
    }
    args.addAll(List.of("--chdir", spec.image().workingFolder()));
    return args;
  }

  @Override
  public long firstProcess(Path folder) {
    try {
      String text = Files.readString(folder.resolve("status"), StandardCharsets.UTF_8);
      int end = text.indexOf('\n');
      if (end < 0) {
        return 0;
      }
      JsonNode status = Json.read(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
      return status.path("child-pid").asLong(0);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void sweep(Path runFolder) {
    // Nothing outlives its lifeline, and its mounts are in a namespace of their own.
  }
}
