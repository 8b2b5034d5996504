package io.contractbuilder.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.Level;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
public final class Cli {
  private final CommandLine commands;

  public Cli(Program program, Console console, InputStream in, Map<String, String> environment) {
    var context = new Context(program, console, in, environment);
    commands =
        new CommandLine(new Root())
            .addSubcommand(new CreateCommand(context))
            .addSubcommand(new UpdateCommand(context))
            .addSubcommand(new DeleteCommand(context))
            .addSubcommand(new JobCommand(context))
            .addSubcommand(new ProcessCommand(context))
            .addSubcommand(new QueueCommand(context))
            .addSubcommand(new WrapCommand(context))
            .addSubcommand(new ListCommand(context))
            .addSubcommand(new ShowCommand(context))
            .addSubcommand(new InvokeCommand(context))
            .addSubcommand(new LogsCommand(context))
            .addSubcommand(new ConfigCommand(context))
            .addSubcommand(new CheckCommand(context))
            .addSubcommand(new DoctorCommand(context))
            .addSubcommand(new PlatformCommand(context))
            .addSubcommand(new DemoCommand(context))
            .addSubcommand(new GenerateCompletion());
    commands.setUsageHelpAutoWidth(true);
    commands.setUsageHelpLongOptionsMaxWidth(32);
    commands
        .getSubcommands()
        .values()
        .forEach(c -> c.getCommandSpec().mixinStandardHelpOptions(true));
    commands.setExitCodeExceptionMapper(fault -> ExitCode.of(fault).code());
    commands.setExecutionExceptionHandler((fault, command, parsed) -> console.failed(fault).code());
    commands.setParameterExceptionHandler(
        (wrong, arguments) -> {
          console.event(Level.ERROR, describe(wrong));
          return ExitCode.BAD_INPUT.code();
        });
  }

  /** Runs one command and answers with the exit code. */
  public int run(String... arguments) {
    return commands.execute(arguments);
  }

  /** The program's help. */
  String help() {
    return commands.getUsageMessage();
  }

  /** The help of each command. */
  Map<String, String> helps() {
    Map<String, String> helps = new TreeMap<>();
    addHelps(helps, "", commands);
    return helps;
  }

  private static void addHelps(Map<String, String> helps, String prefix, CommandLine parent) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              helps.put(prefix + name, command.getUsageMessage());
              addHelps(helps, prefix + name + "-", command);
            });
  }

  private static String describe(ParameterException wrong) {
    String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
    var similar = new StringWriter();
    UnmatchedArgumentException.printSuggestions(wrong, new PrintWriter(similar, true));
    String hint = similar.toString().strip();
    return wrong.getMessage() + (hint.isEmpty() ? "" : "\n" + hint) + "\nTry: " + name + " --help";
  }

  @Command(
      name = "contract-builder",
      mixinStandardHelpOptions = true,
      version = "contract-builder 0.1.0",
      synopsisSubcommandLabel = "COMMAND",
      description = {
        "Makes customers' container images OpenFaaS functions and deploys them as smart contracts."
            + " Needs no Docker daemon, no root, no privilege."
      },
      footer = {
        "",
        "First steps: `contract-builder demo` shows all of it; `contract-builder platform` starts a"
            + " small OpenFaaS on this machine to deploy to.",
        "",
        "Exit codes: 0 done; 1 failed, and the same again would fail again; 2 the input or the"
            + " settings are wrong, nothing was contacted; 3 failed, and the same again may go well."
      })
  static final class Root implements Runnable {
    @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public void run() {
      if (spec != null) {
        throw new ParameterException(spec.commandLine(), "No command was given.");
      }
    }
  }
}
