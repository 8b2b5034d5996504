package io.contractbuilder.cli;

import io.contractbuilder.contract.InvalidInput;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.contract.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the values of flags. Secrets come from files only: an argument list is public. */
final class Flags {
  private Flags() {}

  /**
   * Reads a value whose type says by an {@link IllegalArgumentException} what it allows.
   *
   * @throws InvalidInput naming the flag
   */
  static <T> T value(String flag, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(flag, '"' + text + '"', String.valueOf(e.getMessage()));
    }
  }

  /** A secret out of a file ({@code -}: standard input); one newline at its end does not count. */
  static Secret secret(String flag, String file, InputStream in) {
    try {
      byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
      String text = new String(bytes, StandardCharsets.UTF_8);
      return new Secret(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    } catch (NoSuchFileException e) {
      throw wrong(
          flag, "no file \"" + file + '"', "a file that can be read, or - (standard input)");
    } catch (IOException e) {
      throw wrong(
          flag, "a file that cannot be read (" + e.getMessage() + ")", "a file that can be read");
    }
  }

  /** Registry credentials out of a file that holds {@code user:password}; null for null. */
  static @Nullable RegistryCredentials credentials(@Nullable String file, InputStream in) {
    if (file == null) {
      return null;
    }
    String text = secret("--auth", file, in).reveal();
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw wrong("--auth", "something else in the file", "user:password");
    }
    return new RegistryCredentials(text.substring(0, colon), new Secret(text.substring(colon + 1)));
  }

  /** Refuses both, and neither, of a contract's name and an event's file. */
  static void requireOne(@Nullable String name, @Nullable Path file) {
    if ((file == null) == (name == null)) {
      throw wrong("CONTRACT", file == null ? "nothing" : "CONTRACT and --file", "one of the two");
    }
  }

  static InvalidInput wrong(String flag, String found, String allowed) {
    return new InvalidInput("command line", List.of(new Violation(flag, found, allowed)));
  }
}
