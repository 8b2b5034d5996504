package io.contractbuilder.endtoend;

import io.contractbuilder.endtoend.FaultLane.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One way in which one part fails while something is done.
 *
 * @param call the first call of this kind fails; {@code any}: all
 */
record FaultCell(FaultyPart part, String call, FaultKind kind, Action action) {
  static final String ANY = "any";

  private static final Set<FaultKind> EACH =
      Set.of(FaultKind.GOES, FaultKind.LOST_ONCE, FaultKind.BUSY_ONCE, FaultKind.BROKEN);

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
        if (kind.isOf(part, call)
            && (EACH.contains(kind) || (part != FaultyPart.S3 && part != FaultyPart.CACHE))) {
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
