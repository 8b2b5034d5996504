package io.contractbuilder.settings;

import io.contractbuilder.contract.PartFailure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that a setting names does not hold what it should. Nothing of what is in it is shown. */
public final class SettingsException extends PartFailure {
  SettingsException(Path file, String answer, @Nullable Throwable cause) {
    super(
        "settings",
        "read the credentials in " + file,
        "it " + answer,
        "Check the file and that this user may read it",
        false,
        cause);
  }
}
