package io.contractbuilder.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How those fields of a task are read that are more than one text. */
final class TaskFields {
  private static final Pattern ENV_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]+");
  private static final String ENV_NAMES =
      "names of letters, digits, '.', '_' and '-', 2 or more, a letter first";
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]+");

  private TaskFields() {}

  static @Nullable RegistryCredentials auth(EventFields fields) {
    String auth = fields.text("auth");
    if (auth == null) {
      return null;
    }
    try {
      // The program base64 wraps its lines, which the chain's own reader does not mind.
      var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(SPACE.matcher(auth).replaceAll("")));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      // The first colon parts them; a password may hold others. No control characters: RFC 7617.
      int colon = text.indexOf(':');
      if (colon > 0 && text.chars().noneMatch(Character::isISOControl)) {
        return new RegistryCredentials(
            text.substring(0, colon), new Secret(text.substring(colon + 1)));
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // The violation below says so, without what was found.
    }
    fields.violate(
        "$.auth",
        "something else",
        "base64 of user:password, in UTF-8 without control characters (a line end too), or null");
    return null;
  }

  static void env(EventFields fields, Map<String, String> set, @Nullable Set<String> unset) {
    fields.entries(
        "env",
        unset != null,
        (path, name, value) -> {
          if (!ENV_NAME.matcher(name).matches()) {
            fields.violate(path, EventFields.quoted(name), ENV_NAMES);
          } else if (value != null && ArgumentRules.VARIABLES.contains(name)) {
            fields.violate(
                path,
                "a variable that the watchdog reads the command line from",
                "any other name; the command line is given by cmd and args");
          } else if (value == null && unset != null) {
            unset.add(name);
          } else if (value != null && value.indexOf('\0') >= 0) {
            fields.violate(path, "a value with NUL", "values without NUL");
          } else if (value != null) {
            set.put(name, value);
          }
        });
  }

  static Map<SecretName, Secret> secrets(EventFields fields) {
    var secrets = new LinkedHashMap<SecretName, Secret>();
    fields.entries(
        "secrets",
        false,
        (path, text, value) -> {
          SecretName name = fields.value(path, text, TaskFields::secretName);
          if (name != null
              && secrets.put(name, new Secret(Objects.requireNonNull(value))) != null) {
            fields.violate(
                path, "a name that stands twice, as names are lower-cased", "each name once");
          }
        });
    return Collections.unmodifiableMap(secrets);
  }

  static SecretName secretName(String text) {
    var name = lowerCased(text);
    if (name.isReserved()) {
      throw new IllegalArgumentException(
          "a name that does not begin with secret-key or auth-key-id, which carry the API key");
    }
    return name;
  }

  /** Other letters than ASCII's are refused, also those whose lower case is in ASCII (Kelvin). */
  static SecretName lowerCased(String text) {
    boolean ascii = text.chars().allMatch(c -> c < 128);
    return new SecretName(ascii ? text.toLowerCase(Locale.ROOT) : text);
  }

  static @Nullable Schedule schedule(EventFields fields) {
    var cron = fields.value("cron", CronExpression::parse);
    Integer seconds = fields.integer("seconds", Schedule.Every.ALLOWED);
    var every =
        seconds == null
            ? null
            : fields.value("$.seconds", seconds.toString(), _ -> new Schedule.Every(seconds));
    if (fields.has("cron") && fields.has("seconds")) {
      fields.violate("$.seconds", "cron and seconds", "one of the two");
    }
    return cron == null ? every : new Schedule.Cron(cron);
  }
}
