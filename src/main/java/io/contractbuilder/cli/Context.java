package io.contractbuilder.cli;

import io.contractbuilder.contract.ContractTask;
import java.io.InputStream;
import java.util.Map;

/** What every command has. */
record Context(Program program, Console console, InputStream in, Map<String, String> environment) {

  /** Does a task, shows how it goes, and reports how it ended. */
  ExitCode run(ContractTask task) {
    var view = new ProgressView(console);
    return TaskEnd.of(program.run(task, view), view);
  }
}
