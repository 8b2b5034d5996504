package io.contractbuilder.settings;

import static io.contractbuilder.settings.Setting.HTTPS_PROXY;
import static io.contractbuilder.settings.Setting.HTTP_PROXY;
import static io.contractbuilder.settings.Setting.NO_PROXY;

import io.contractbuilder.contract.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An environment's values, each read by its setting, and what is wrong with them. */
final class Environment {
  /** What our own variables begin with; among these an unknown one is a mistake. */
  static final String OWN = "CONTRACT_BUILDER_";

  /** What the scripts around the program read. */
  private static final Set<String> SCRIPTS =
      Set.of("CONTRACT_BUILDER_PARTS", "CONTRACT_BUILDER_VERIFY", "CONTRACT_BUILDER_BUILDING");

  /** What Kubernetes sets in every container beside a service named {@code contract-builder}. */
  private static final String KUBERNETES =
      "CONTRACT_BUILDER_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_.*)?)";

  private final Map<String, String> variables;
  private final List<Violation> violations = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = new HashMap<>(variables);
    for (Setting proxy : List.of(HTTPS_PROXY, HTTP_PROXY, NO_PROXY)) {
      if (!isSet(proxy)) {
        String lower = proxy.name().toLowerCase(Locale.ROOT);
        this.variables.put(proxy.name(), variables.getOrDefault(lower, ""));
      }
    }
  }

  void requireUnless(@Nullable Object value, Setting setting, String because) {
    if (value == null) {
      require(setting, because);
    }
  }

  /** Unless it is set: then what is wrong with it has been said. */
  void require(Setting setting, String because) {
    if (!isSet(setting)) {
      violate(setting, "nothing, but " + because);
    }
  }

  /** Our own variables that no setting has are mistakes. */
  void unknown() {
    for (String name : new TreeMap<>(variables).keySet()) {
      if (name.startsWith(OWN)
          && !SCRIPTS.contains(name)
          && !name.matches(KUBERNETES)
          && SettingValue.setting(name) == null) {
        violations.add(
            new Violation(
                SettingValue.shown(name),
                "a setting that does not exist",
                "the nearest that does is " + Setting.nearest(name)));
      }
    }
  }

  /** What is set, or else what holds then. */
  <T> T read(Setting setting, Function<String, @Nullable T> reader, T standard) {
    return Objects.requireNonNullElse(read(setting, reader), standard);
  }

  /** Null where it is not set, or wrong (a violation); the reader gives null for what is wrong. */
  <T> @Nullable T read(Setting setting, Function<String, @Nullable T> reader) {
    if (!isSet(setting)) {
      return null;
    }
    String text = text(setting.name());
    T value = reader.apply(text);
    if (value == null) {
      violate(setting, quoted(setting, text));
    }
    return value;
  }

  /** What is set, divided by commas. */
  Set<String> list(Setting setting, Function<String, @Nullable String> reader) {
    var values = new LinkedHashSet<String>();
    if (isSet(setting)) {
      for (String part : text(setting.name()).split(",", -1)) {
        String value = reader.apply(part.strip());
        if (value == null) {
          violate(setting, quoted(setting, part));
        } else {
          values.add(value);
        }
      }
    }
    return Collections.unmodifiableSet(values);
  }

  boolean isSet(Setting setting) {
    return !text(setting.name()).isEmpty();
  }

  /** As it is; empty where it is not set. */
  String text(String name) {
    return variables.getOrDefault(name, "");
  }

  /** What is wrong so far; others add to it. */
  List<Violation> violations() {
    return violations;
  }

  private static String quoted(Setting setting, String text) {
    return setting.secret() ? "something else" : '"' + SettingValue.shown(text) + '"';
  }

  private void violate(Setting setting, String found) {
    violations.add(new Violation(setting.name(), found, setting.allowed().replace("`", "")));
  }
}
