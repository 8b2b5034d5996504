package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Webserver.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random events of several contracts of a chain, and what disturbs them. */
record ChainHistory(List<Event> events) {
  static final int CONTRACTS = 2;

  /** Those that are no matter of long waiting. */
  private static final List<FaultKind> KINDS =
      List.of(FaultKind.LOST_ONCE, FaultKind.BUSY_ONCE, FaultKind.GOES, FaultKind.BROKEN);

  private static final List<FaultyPart> PARTS =
      List.of(
          FaultyPart.QUEUES,
          FaultyPart.CACHE,
          FaultyPart.INDEX,
          FaultyPart.REGISTRY,
          FaultyPart.SOURCE,
          FaultyPart.GATEWAY,
          FaultyPart.LEDGER);

  private static final int[] MANY = {1, 2, 3, 5, 8, 13, 21};

  ChainHistory {
    events = List.copyOf(events);
  }

  /** What is asked of a contract. */
  enum Asked {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * What happens to a job on its way.
   *
   * @param kind null: it is killed
   * @param at which request to the part
   * @param later whether it is run again only when its contract is next asked for something
   */
  record Disturbance(FaultyPart part, @Nullable FaultKind kind, int at, boolean later) {
    @Override
    public String toString() {
      return (kind == null ? "killed" : kind) + " at " + part + " " + at + (later ? ", later" : "");
    }
  }

  /** An event. */
  record Event(
      int contract,
      Asked asked,
      int rate,
      int seconds,
      boolean image,
      boolean secret,
      @Nullable Disturbance disturbance) {

    Event inPeace() {
      return new Event(contract, asked, rate, seconds, image, secret, null);
    }

    /** Makes it, as the webserver does. */
    ObjectNode of(FaultLane lane, Webserver webserver) throws IOException {
      return switch (asked) {
        case CREATE -> lane.create(webserver);
        case UPDATE ->
            webserver.update(
                event -> {
                  event.set("env", object(Map.of("RATE", Integer.toString(rate))));
                  if (seconds > 0) {
                    event.put("seconds", seconds);
                  }
                  if (image) {
                    event.put("image", lane.image("2"));
                  }
                  if (secret) {
                    event.set("secrets", object(Map.of("two", Integer.toString(rate))));
                  }
                });
        case DELETE -> webserver.delete();
      };
    }

    @Override
    public String toString() {
      String told =
          asked == Asked.UPDATE
              ? " RATE=" + rate + " seconds=" + seconds + (image ? " image" : "")
              : "";
      return "contract "
          + contract
          + " "
          + asked
          + told
          + (secret ? " secret" : "")
          + (disturbance == null ? "" : " [" + disturbance + "]");
    }
  }

  static ChainHistory of(Random random) {
    var events = new ArrayList<Event>();
    var there = new HashSet<Integer>();
    var gone = new HashSet<Integer>();
    int length = 3 + random.nextInt(4);
    while (events.size() < length && gone.size() < CONTRACTS) {
      int contract = random.nextInt(CONTRACTS);
      if (!gone.contains(contract)) {
        Asked asked =
            there.add(contract)
                ? Asked.CREATE
                : random.nextInt(4) == 0 ? Asked.DELETE : Asked.UPDATE;
        if (asked == Asked.DELETE) {
          gone.add(contract);
        }
        events.add(event(contract, asked, random));
      }
    }
    return new ChainHistory(events);
  }

  private static Event event(int contract, Asked asked, Random random) {
    return new Event(
        contract,
        asked,
        random.nextInt(3),
        random.nextBoolean() ? 10 * (1 + random.nextInt(3)) : 0,
        random.nextInt(3) == 0,
        random.nextBoolean(),
        random.nextInt(4) == 0 ? null : disturbance(random));
  }

  private static Disturbance disturbance(Random random) {
    return new Disturbance(
        PARTS.get(random.nextInt(PARTS.size())),
        random.nextInt(3) == 0 ? null : KINDS.get(random.nextInt(KINDS.size())),
        MANY[random.nextInt(MANY.length)],
        random.nextBoolean());
  }

  /** The same with one event or disturbance less. */
  List<ChainHistory> smaller() {
    var all = new ArrayList<ChainHistory>();
    for (int i = events.size() - 1; i >= 0; i--) {
      int contract = events.get(i).contract();
      boolean last =
          events.subList(i + 1, events.size()).stream().noneMatch(e -> e.contract() == contract);
      if (last || events.get(i).asked() == Asked.UPDATE) {
        var fewer = new ArrayList<>(events);
        fewer.remove(i);
        all.add(new ChainHistory(fewer));
      }
      if (events.get(i).disturbance() != null) {
        var calmer = new ArrayList<>(events);
        calmer.set(i, events.get(i).inPeace());
        all.add(new ChainHistory(calmer));
      }
    }
    all.removeIf(history -> history.events().isEmpty());
    return all;
  }

  @Override
  public String toString() {
    return String.join("\n  ", events.stream().map(Event::toString).toList());
  }
}
