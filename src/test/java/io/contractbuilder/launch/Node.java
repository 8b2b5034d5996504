package io.contractbuilder.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The node whose pods really run: a process in namespaces of its own, by what is in them. */
public final class Node {
  /** Its address, as pods reach it. */
  public static final String ADDRESS = "10.255.0.1";

  private static final String REGISTRY = "PARTS_KUBERNETES_REGISTRY";

  /** Ends a part and starts it again, as a service manager would, with another configuration. */
  private static final String RESTART =
      """
      pid=$(pgrep -x "$1")
      mapfile -d '' -t command < "/proc/$pid/cmdline"
      kill -KILL "$pid"
      while [ -e "/proc/$pid" ]; do sleep 0.05; done
      sleep "$2"
      [ -z "$5" ] || sed -e "$5" "$3/kubelet.yaml" > "$3/kubelet.changed.yaml"
      for i in "${!command[@]}"; do
        case ${command[$i]} in --config=*) command[i]=--config=$3/$4 ;; esac
      done
      setsid "${command[@]}" >> "$3/log/$1.log" 2>&1 < /dev/null &
      """;

  private Node() {}

  /** What pods name the node's registry by is no address of this machine. */
  public static String registry() {
    String registry = System.getenv().getOrDefault(REGISTRY, "");
    assumeTrue(!registry.isEmpty(), "no node: ./verify --kubernetes runs one, as root");
    return registry;
  }

  /** Whether there is one; else there is a control plane alone, on this machine's loopback. */
  static boolean runs() {
    return !System.getenv().getOrDefault(REGISTRY, "").isEmpty();
  }

  private static Path state() {
    return Path.of(System.getenv().getOrDefault("PARTS_KUBERNETES_STATE", ""));
  }

  /** The beginning of a command that runs in these namespaces of the node. */
  static List<String> inside(String namespaces) throws IOException {
    String pid = Files.readString(state().resolve("pids/inner")).split(" ", 2)[0];
    return List.of("nsenter", "-t", pid, namespaces);
  }

  /** The API server is killed and is back some seconds later. */
  static void restartApiServer() throws IOException, InterruptedException {
    run("bash", "-c", RESTART, "restart", "kube-apiserver", "3", state().toString(), "", "");
  }

  /** The kubelet is started again with its configuration changed. */
  static void restartKubelet(String sed) throws IOException, InterruptedException {
    String file = sed.isEmpty() ? "kubelet.yaml" : "kubelet.changed.yaml";
    run("bash", "-c", RESTART, "restart", "kubelet", "0", state().toString(), file, sed);
  }

  /** Kills the program in a pod's first container, as the kernel or a hand on the node would. */
  static void kill(Pod pod) throws IOException, InterruptedException {
    String container = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
    run(
        "ctr",
        "-a",
        "/run/containerd/containerd.sock",
        "-n",
        "k8s.io",
        "tasks",
        "kill",
        "--signal",
        "SIGKILL",
        container.substring(container.lastIndexOf('/') + 1));
  }

  private static void run(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(inside("-a"));
    command.addAll(List.of("env", "PATH=" + System.getenv("PATH") + ":" + binaries()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", words)).isZero();
  }

  /** Where parts/kubernetes/build puts them. */
  private static String binaries() throws IOException {
    String pid = Files.readString(state().resolve("pids/inner")).split(" ", 2)[0];
    for (String variable : Files.readString(Path.of("/proc", pid, "environ")).split("\0", -1)) {
      if (variable.startsWith("BIN=")) {
        return variable.substring("BIN=".length());
      }
    }
    throw new AssertionError("the node's process has no BIN");
  }
}
