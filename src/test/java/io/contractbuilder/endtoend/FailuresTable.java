package io.contractbuilder.endtoend;

import io.contractbuilder.endtoend.FaultLane.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of {@code docs/failures.md} that {@link ChainPartsDownIT} writes. */
final class FailuresTable {
  private static final Path DOCUMENT = Path.of("docs/failures.md");
  private static final String BEGIN = "<!-- parts: written by ChainPartsDownIT -->\n";
  private static final String END = "<!-- parts end -->\n";
  private static final String HEAD =
      "| part | call | what it does | create | update | delete |\n|---|---|---|---|---|---|\n";

  private static final String NOT_MADE = "";

  private final Map<String, Map<Action, String>> rows = new LinkedHashMap<>();

  private FailuresTable() {}

  static FailuresTable empty() {
    return new FailuresTable();
  }

  static FailuresTable stored() throws IOException {
    var table = new FailuresTable();
    section(Files.readString(DOCUMENT))
        .lines()
        .skip(2)
        .forEach(
            line -> {
              List<String> cells = List.of(line.split("\\|", -1));
              String row = String.join("|", cells.subList(0, 4)) + "|";
              for (Action action : Action.values()) {
                String outcome = cells.get(4 + List.of(Action.values()).indexOf(action)).strip();
                if (!outcome.isEmpty()) {
                  table
                      .rows
                      .computeIfAbsent(row, _ -> new EnumMap<>(Action.class))
                      .put(action, outcome);
                }
              }
            });
    return table;
  }

  private static String section(String document) {
    return document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));
  }

  /** What becomes of it; null: it was not tried. */
  synchronized @Nullable String outcome(FaultCell cell) {
    return rows.getOrDefault(cell.row(), Map.of()).get(cell.action());
  }

  synchronized void put(FaultCell cell, String outcome) {
    rows.computeIfAbsent(cell.row(), _ -> new EnumMap<>(Action.class)).put(cell.action(), outcome);
  }

  /** Writes what is known of these, and nothing else. */
  void write(List<FaultCell> cells) throws IOException {
    var table = new StringBuilder(HEAD);
    for (FaultyPart part : FaultyPart.values()) {
      var titles = new ArrayList<String>();
      cells.stream()
          .filter(cell -> cell.part() == part)
          .map(FaultCell::row)
          .distinct()
          .filter(rows::containsKey)
          .forEach(titles::add);
      for (String row : titles) {
        table.append(row);
        for (Action action : Action.values()) {
          table
              .append(' ')
              .append(rows.getOrDefault(row, Map.of()).getOrDefault(action, NOT_MADE))
              .append(" |");
        }
        table.append('\n');
      }
    }
    String document = Files.readString(DOCUMENT);
    Files.writeString(
        DOCUMENT,
        document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
            + table
            + document.substring(document.indexOf(END)));
  }
}
