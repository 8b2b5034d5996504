package io.contractbuilder.local.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.json.Json;
import java.util.List;

/** A container as OCI's runtime specification describes it ({@code config.json}). */
final class RuncConfig {
  private RuncConfig() {}

  static ObjectNode of(ContainerSpec spec, boolean limits) {
    ObjectNode config = Json.object();
    config.put("ociVersion", "1.0.2");
    config.set("process", process(spec));
    config.putObject("root").put("path", "rootfs").put("readonly", spec.readOnlyRoot());
    config.put("hostname", spec.hostname());
    config.set("mounts", mounts(spec));
    ObjectNode linux = config.putObject("linux");
    linux.put("cgroupsPath", "/contract-builder-" + spec.instance());
    if (limits) {
      resources(spec, linux.putObject("resources"));
    }
    ArrayNode namespaces = linux.putArray("namespaces");
    for (String type : List.of("pid", "ipc", "uts", "mount", "network")) {
      if (!type.equals("network") || !spec.hostNetwork()) {
        namespaces.addObject().put("type", type);
      }
    }
    ArrayNode masked = linux.putArray("maskedPaths");
    List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware")
        .forEach(masked::add);
    ArrayNode readOnly = linux.putArray("readonlyPaths");
    List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
        .forEach(readOnly::add);
    return config;
  }

  private static ObjectNode process(ContainerSpec spec) {
    ObjectNode process = Json.object();
    process.put("terminal", false).put("noNewPrivileges", true);
    process.put("cwd", spec.image().workingFolder());
    process.putObject("user").put("uid", 1000).put("gid", 1000);
    ArrayNode args = process.putArray("args");
    spec.image().command().forEach(args::add);
    ArrayNode env = process.putArray("env");
    spec.variables().forEach(env::add);
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "inheritable", "permitted", "ambient")) {
      capabilities.putArray(set);
    }
    return process;
  }

  private static void resources(ContainerSpec spec, ObjectNode resources) {
    resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
    resources.putObject("pids").put("limit", 4096);
    if (spec.memory() > 0) {
      resources.putObject("memory").put("limit", spec.memory());
    }
    if (spec.cpuMillis() > 0) {
      resources
          .putObject("cpu")
          .put("period", 100_000)
          .put("quota", Math.max(1000, spec.cpuMillis() * 100));
    }
  }

  private static ArrayNode mounts(ContainerSpec spec) {
    ArrayNode mounts = Json.array();
    mount(mounts, "proc", "/proc", "proc", "nosuid", "noexec", "nodev");
    mount(mounts, "tmpfs", "/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
    mount(
        mounts, "devpts", "/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666");
    mount(mounts, "shm", "/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=64m");
    mount(mounts, "sysfs", "/sys", "sysfs", "nosuid", "noexec", "nodev", "ro");
    if (spec.readOnlyRoot()) {
      mount(mounts, "tmpfs", "/tmp", "tmpfs", "nosuid", "nodev", "mode=1777");
    }
    bind(mounts, spec.folder() + "/secrets", ContainerSpec.SECRETS, "ro");
    bind(mounts, spec.folder() + "/door", ContainerSpec.DOOR, "rw");
    if (spec.hostNetwork()) {
      bind(mounts, "/etc/resolv.conf", "/etc/resolv.conf", "ro");
      bind(mounts, "/etc/hosts", "/etc/hosts", "ro");
    }
    return mounts;
  }

  private static void bind(ArrayNode mounts, String source, String target, String access) {
    mount(mounts, source, target, "bind", "rbind", access, "nosuid", "nodev");
  }

  private static void mount(
      ArrayNode mounts, String source, String target, String type, String... options) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", target).put("type", type).put("source", source);
    ArrayNode all = mount.putArray("options");
    List.of(options).forEach(all::add);
  }
}
