package io.contractbuilder.local;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where our gateway differs from the captured one on purpose; calls as {@code file title}. */
final class TranscriptDifferences {
  private TranscriptDifferences() {}

  /** What cannot be played against ours, and why. */
  static final Map<String, String> NOT_PLAYED =
      Map.of(
          "2 list", "the capture has no answer; file 3 has one",
          "6 (namespace.*|status g1 default ns|delete g1 ns only in query)",
              "there is one namespace, the functions' own",
          "8 provider down.*", "gateway and provider are one process: neither is down alone",
          "9 DELETE during PUT",
              "it deletes, as an update has no window in which nothing is there");

  /** Status, and what is in the body. */
  record Expected(int status, List<String> body) {
    private static Expected of(int status, String... body) {
      return new Expected(status, List.of(body));
    }
  }

  private static final Expected MISSING = Expected.of(404, "");
  private static final Expected MADE = Expected.of(200, "");
  private static final Expected SERVING = Expected.of(200, "\"availableReplicas\":1");

  static final Map<String, Expected> DIFFERENT =
      Map.ofEntries(
          // faasd cannot replace a task that outlives the grace it gives; ours serves anew.
          Map.entry("3 update ok \\(new env\\)", MADE),
          Map.entry("3 status", Expected.of(200, "\"X\":\"1\"")),
          Map.entry("3 invoke env", Expected.of(200, "X=1\n")),
          // faasd has removed the former version by then.
          Map.entry("3 status after", Expected.of(200, "\"X\":\"1\"")),
          Map.entry("4 status after failed update", Expected.of(200, "\"X\":\"a b\"")),
          Map.entry("6 status ofcat after failed pull", SERVING),
          // What is refused leaves nothing: no status, and a name that can be used.
          Map.entry("5 status (noexec|noentry|exit)", MISSING),
          Map.entry(
              "5 invoke (noexec|noentry|exit) \\(SFZ\\)",
              Expected.of(404, "error finding function ")),
          Map.entry("5 re-POST (noexec|noentry|exit)", MADE),
          Map.entry("5 logs exit", Expected.of(200, "\"name\":\"exit\"")),
          Map.entry("9 PUT good image over broken", Expected.of(404, "service n1 not found")),
          Map.entry("9 status", MISSING),
          // Ours sees whether the program stays.
          Map.entry(
              "5 deploy exit",
              Expected.of(400, "unable to start task: exit, error: it ended with exit code 1")),
          // The built-in watchdog needs no /tmp and no writable lock file.
          Map.entry("5 status cnotmp|5 status scratch", SERVING),
          Map.entry("5 invoke cnotmp", Expected.of(200, "hi")),
          Map.entry("5 health|5 health #6", Expected.of(200, "OK")),
          Map.entry("(5 invoke|8 invoke crashed) .?scratch.?", Expected.of(200, "Version: 1.0.0")),
          // Whatever the image says, a function is user and group 1000, and of no other group.
          Map.entry("5 invoke cuser", Expected.of(200, "fprocess=env\n", "Http_Method=POST\n")),
          Map.entry("5 invoke cuserg", Expected.of(200, "uid=1000 gid=1000\n")),
          Map.entry("5 deploy cusern", MADE),
          Map.entry("5 status cusern", SERVING),
          Map.entry("5 invoke cusern", Expected.of(200, "uid=1000 gid=1000\n")),
          Map.entry("5 health #5", Expected.of(200, "OK")),
          Map.entry("5 logs cusern", Expected.of(200, "\"name\":\"cusern\"")),
          Map.entry(
              "9 caps",
              Expected.of(
                  // It has no network of others, and so nothing that resolves names.
                  500,
                  "Uid:\t1000\t1000\t1000\t1000\n",
                  "CapEff:\t0000000000000000\n",
                  "CapBnd:\t0000000000000000\n",
                  "NoNewPrivs:\t1\n")),
          // faasd answers and leaves the one replica.
          Map.entry("6 status g1 ns2 #2", Expected.of(200, "\"annotations\":{},\"createdAt\"")),
          // With its credentials for another registry, faasd takes every one to speak TLS.
          Map.entry("7 config.json present, anonymous http registry", MADE),
          Map.entry(
              "8 SFZ=false invoke nonexistent", Expected.of(404, "error finding function zz")),
          // The former version is there until the next one serves.
          Map.entry("9 GET during PUT", SERVING),
          Map.entry("9 PUT during PUT", MADE),
          Map.entry("9 invoke during PUT", Expected.of(200, "x")),
          Map.entry("9 status after", SERVING));

  /** Where the reason goes on in words of containerd and runc. */
  static final Map<String, String> SAME_BEGINNING =
      Map.of(
          "[34] update missing secret", "unable to find secret: missing",
          "5 deploy (noexec|noentry)", "unable to start task: no",
          "9 POST noexec", "unable to start task: n1, error: ",
          "6 update pull failure", "unable to pull image 127.0.0.1:5000/t/nope:9: cannot pull: ",
          "7 (no creds, http|config.json creds, http|registryAuth field ignored)",
              "unable to pull image 127.0.0.1:5001/t/catfn:1: cannot pull: ",
          "7 no creds, https", "unable to pull image 127.0.0.1:5002/t/catfn:1: cannot pull: ");

  /** What is said of a call; null: nothing. */
  static <T> @Nullable T of(Map<String, T> calls, String key) {
    return calls.entrySet().stream()
        .filter(entry -> key.matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
