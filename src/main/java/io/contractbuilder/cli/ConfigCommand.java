package io.contractbuilder.cli;

import io.contractbuilder.json.Json;
import io.contractbuilder.settings.EffectiveSetting;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "config",
    description = {
      "Prints the settings that hold and where each comes from, secrets masked. Contacts nothing.",
      "With a mistake in the settings it prints every mistake and ends with 2."
    })
final class ConfigCommand implements Callable<Integer> {
  private final Context context;

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  ConfigCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<EffectiveSetting> settings = context.program().configuration();
    if (json) {
      var object = Json.object();
      for (EffectiveSetting s : settings) {
        object.putObject(s.name()).put("value", s.value()).put("origin", s.origin());
      }
      context.console().result(Json.text(object));
      return ExitCode.DONE.code();
    }
    int name = width(settings.stream().map(EffectiveSetting::name).toList());
    int value = width(settings.stream().map(EffectiveSetting::value).toList());
    String row = "%-" + name + "s  %-" + value + "s  %s";
    context.console().result(String.format(Locale.ROOT, row, "SETTING", "VALUE", "ORIGIN"));
    for (EffectiveSetting s : settings) {
      String shown = s.value().isEmpty() ? "-" : s.value();
      context.console().result(String.format(Locale.ROOT, row, s.name(), shown, s.origin()));
    }
    return ExitCode.DONE.code();
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(1);
  }
}
