package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A container of an image as a pod under Kubernetes' level "restricted" has it: user 1000, a file
 * system that cannot be written, no capability, no new privileges; on the host's network, as the
 * tests' parts are on loopback.
 */
final class RestrictedPod {
  private final Path folder;
  private final ObjectNode made;

  /**
   * Unpacks the image.
   *
   * @param folder empty
   * @param layout {@code FOLDER:TAG}
   */
  RestrictedPod(Path folder, String layout) throws IOException, InterruptedException {
    this.folder = folder;
    Process umoci =
        new ProcessBuilder(
                part("PARTS_BIN") + "/umoci",
                "unpack",
                "--image",
                layout,
                folder.resolve("bundle").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("umoci.log").toFile())
            .start();
    assertThat(umoci.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(umoci.exitValue()).as(Files.readString(folder.resolve("umoci.log"))).isZero();
    made = (ObjectNode) Json.read(Files.readAllBytes(folder.resolve("bundle/config.json")));
  }

  /**
   * Starts a container.
   *
   * @param args its command
   * @param environment beside the image's own
   * @param mounts folders of this machine, seen at the same place; true: they can be written
   */
  Launched start(List<String> args, Map<String, String> environment, Map<Path, Boolean> mounts)
      throws IOException {
    String id = "cb-image-" + UUID.randomUUID();
    Path bundle = Files.createDirectory(folder.resolve(id));
    ObjectNode config = made.deepCopy();
    config
        .putObject("root")
        .put("path", folder.resolve("bundle/rootfs").toString())
        .put("readonly", true);
    restrict((ObjectNode) config.path("process"), args, environment);
    ArrayNode all = (ArrayNode) config.path("mounts");
    // The host's control groups are nobody's business.
    all.removeIf(mount -> mount.path("type").asText().equals("cgroup"));
    mounts.forEach((path, writable) -> mount(all, path, writable));
    ArrayNode namespaces = (ArrayNode) config.path("linux").path("namespaces");
    namespaces.removeIf(one -> one.path("type").asText().equals("network"));
    Files.write(bundle.resolve("config.json"), Json.write(config));
    return Launched.startCommand(
        List.of(
            part("PARTS_BIN") + "/runc",
            "--root",
            folder.resolve("runc").toString(),
            "run",
            "--bundle",
            bundle.toString(),
            id),
        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
  }

  private static void restrict(
      ObjectNode process, List<String> args, Map<String, String> environment) {
    process.put("terminal", false).put("noNewPrivileges", true);
    assertThat(process.path("user").path("uid").asInt()).isEqualTo(1000);
    ArrayNode words = process.putArray("args");
    args.forEach(words::add);
    Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode own : process.path("env")) {
      String[] parts = own.asText().split("=", 2);
      variables.put(parts[0], parts[1]);
    }
    variables.putAll(environment);
    ArrayNode env = process.putArray("env");
    variables.forEach((name, value) -> env.add(name + "=" + value));
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "inheritable", "permitted", "ambient")) {
      capabilities.putArray(set);
    }
  }

  private static void mount(ArrayNode mounts, Path path, boolean writable) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", path.toString()).put("type", "bind").put("source", path.toString());
    mount.putArray("options").add("rbind").add(writable ? "rw" : "ro").add("nosuid").add("nodev");
  }
}
