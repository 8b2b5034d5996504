package io.contractbuilder.settings;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment's values with the violations that reading them found. Empty is unset. */
final class SettingValues {
  private static final String PREFIX = "CONTRACT_BUILDER_";

  /**
   * What Kubernetes puts into every pod beside a Service named contract-builder, and what the
   * project's own scripts use.
   */
  private static final Pattern OTHERS =
      Pattern.compile(PREFIX + "(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_.*|PARTS|VERIFY|BUILDING)");

  private final Map<String, String> environment;
  private final List<Violation> violations = new ArrayList<>();

  SettingValues(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A misspelt setting would be without effect, and nobody would know. */
  void refuseUnknown() {
    environment.keySet().stream()
        .filter(name -> name.startsWith(PREFIX) && !OTHERS.matcher(name).matches())
        .filter(name -> Arrays.stream(Setting.values()).noneMatch(s -> s.variable().equals(name)))
        .sorted()
        .forEach(
            name ->
                violations.add(
                    new Violation(name, "an unknown setting", "perhaps " + nearest(name))));
  }

  @Nullable String text(Setting setting) {
    String value = environment.getOrDefault(setting.variable(), "");
    return value.isEmpty() ? null : value;
  }

  String text(Setting setting, String standard) {
    return Objects.requireNonNullElse(text(setting), standard);
  }

  <T> @Nullable T value(Setting setting, Function<String, T> reader) {
    String text = text(setting);
    return text == null ? null : read(setting, text, reader);
  }

  /** With a default, which must be right: it stands in for a value that is wrong, too. */
  <T> T value(Setting setting, String standard, Function<String, T> reader) {
    T value = read(setting, text(setting, standard), reader);
    return value == null ? reader.apply(standard) : value;
  }

  Path path(Setting setting, Path standard) {
    return Objects.requireNonNullElse(value(setting, Path::of), standard).toAbsolutePath();
  }

  Set<String> list(Setting setting, Pattern form) {
    var list = new LinkedHashSet<String>();
    for (String item : text(setting, "").split(",", -1)) {
      String trimmed = item.strip();
      if (!trimmed.isEmpty() && !form.matcher(trimmed).matches()) {
        violate(setting, trimmed);
      } else if (!trimmed.isEmpty()) {
        list.add(trimmed);
      }
    }
    return list;
  }

  void violate(Setting setting, String found) {
    // A URL may hold a password.
    String shown = found.replaceAll("//[^/@]*@", "//***@");
    violations.add(new Violation(setting.variable(), '"' + shown + '"', setting.allowed()));
  }

  void requireNoViolations() {
    if (!violations.isEmpty()) {
      throw new InvalidInput("settings", violations);
    }
  }

  private <T> @Nullable T read(Setting setting, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      violate(setting, text);
      return null;
    }
  }

  private static String nearest(String name) {
    return Arrays.stream(Setting.values())
        .map(Setting::variable)
        .min(Comparator.comparingInt(known -> distance(name, known)))
        .orElseThrow();
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    Arrays.setAll(before, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(before[j], row[j - 1]) + 1);
      }
      before = row;
    }
    return before[b.length()];
  }
}
