package io.contractbuilder.endtoend;

import io.contractbuilder.endtoend.FaultLane.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * One way in which one part fails while something is done.
 *
 * @param call the first call of this kind fails; {@code any}: all
 */
record FaultCell(FaultyPart part, String call, FaultKind kind, Action action) {
  static final String ANY = "any";

  /** The ways that are tried on a call that an action makes. */
  static List<FaultCell> of(FaultyPart part, Action action, List<String> calls) {
    var cells = new ArrayList<FaultCell>();
    if (calls.isEmpty()) {
      return cells;
    }
    cells.add(new FaultCell(part, ANY, FaultKind.NOT_THERE, action));
    cells.add(new FaultCell(part, ANY, FaultKind.SILENT, action));
    for (String call : calls) {
      for (FaultKind kind : FaultKind.values()) {
        if (kind.isOf(part, call)) {
          cells.add(new FaultCell(part, call, kind, action));
        }
      }
    }
    return cells;
  }

  FaultProxy.Plan plan() {
    return new FaultProxy.Plan(
        kind.of(part),
        request -> call.equals(ANY) || part.call(request).equals(call),
        kind.from,
        kind.times);
  }

  /** What is the same for each action. */
  String row() {
    return "| %s | %s | %s |".formatted(part.title, code(call), kind.title);
  }

  private static String code(String call) {
    return call.equals(ANY) ? call : "`" + call + "`";
  }
}
