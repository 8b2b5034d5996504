package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.ChainBench.utf8;
import static io.contractbuilder.endtoend.Webserver.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.app.InProcess;
import io.contractbuilder.endtoend.ChainBench.Storage;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A contract for each thing that a chain's former builder left behind, all in one chain: {@code
 * doctor} finds it and mends what it can, and each contract can be updated or deleted.
 */
@NeedsRoot
class FormerBuilderIT extends ChainTest {
  /** What is left, what the doctor says of it, and what the owner does. */
  private enum Left {
    UPDATING("stuck left", Owner.UPDATES),
    DELETING("stuck left", Owner.DELETES),
    DELETE_FAILED("stuck left", Owner.DELETES),
    /** It says itself what it is. */
    ERROR(null, Owner.DELETES),
    IMAGE_GONE("image_gone left", Owner.UPDATES_IMAGE),
    IMAGE_GONE_AND_UNWANTED("image_gone left", Owner.DELETES),
    SECRET_GONE("secret_gone left", Owner.UPDATES),
    KEY_SECRET_GONE("key_not_told repaired", Owner.UPDATES),
    KEY_GONE("key_gone repaired", Owner.UPDATES),
    VARIABLES_LOST("environment_lost repaired", Owner.UPDATES),
    NEVER_STORED("never_stored left", Owner.CREATES),
    NEVER_STORED_AND_UNWANTED("never_stored left", Owner.UNDOES);

    private final @Nullable String said;
    private final Owner owner;

    Left(@Nullable String said, Owner owner) {
      this.said = said;
      this.owner = owner;
    }
  }

  private enum Owner {
    CREATES,
    UPDATES,
    UPDATES_IMAGE,
    DELETES,
    UNDOES
  }

  private static final String LONE_KEY = "SC_ABCDEFGHIJKL";

  private final Map<Left, String> ids = new EnumMap<>(Left.class);
  private final Map<Left, Webserver> webservers = new EnumMap<>(Left.class);
  private final Map<Left, ObjectNode> creates = new EnumMap<>(Left.class);

  @Test
  void whatItLeftIsFoundAndMendedAndCanBeUpdatedOrDeleted() throws IOException {
    bench.clear(Storage.DISK);
    for (Left left : Left.values()) {
      make(left);
    }
    assertThat(doctor(0)).isEmpty();
    for (Left left : Left.values()) {
      leave(left);
    }
    put("KEYS/" + LONE_KEY, "{}");
    var expected = new TreeSet<String>(List.of("left_key repaired"));
    for (Left left : Left.values()) {
      if (left.said != null) {
        expected.add(left + " " + left.said);
      }
    }
    assertThat(doctor(1))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(line -> line.replace("repaired", "left")).toList());
    assertThat(doctor(1, "--repair")).containsExactlyInAnyOrderElementsOf(expected);

    for (Left left : Left.values()) {
      own(left);
    }
    assertThat(doctor(0)).isEmpty();
    assertThat(answer(Left.VARIABLES_LOST)).containsEntry("RATE", "3").containsEntry("MORE", "1");
    for (Left left : Left.values()) {
      if (Files.exists(metadata(left))) {
        assertThat(webserver(left).state()).as(left.name()).isEqualTo("active");
        done(left, webserver(left).delete());
      }
    }
    nothingIsLeft();
  }

  private void make(Left left) throws IOException {
    String id = UUID.randomUUID().toString();
    ids.put(left, id);
    String type = "left-" + id.substring(0, 8);
    var webserver = new Webserver(bench, Storage.DISK, id, type);
    webservers.put(left, webserver);
    if (webservers.size() == 1) {
      webserver.startChain();
    }
    ObjectNode create =
        webserver.create(
            event -> {
              event.set("env", object(Map.of("RATE", "3")));
              event.set("secrets", object(Map.of("one", ChainCanaries.SECRET)));
            });
    creates.put(left, create);
    done(left, create);
    // The former builder kept no journal.
    Files.delete(file("CONTRACT_BUILDER/JOURNAL/" + id + ".json"));
  }

  private void leave(Left left) throws IOException {
    Webserver webserver = webserver(left);
    switch (left) {
      case UPDATING, DELETING, DELETE_FAILED, ERROR ->
          webserver.write(left.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      case IMAGE_GONE, IMAGE_GONE_AND_UNWANTED ->
          bench.privateRegistry.remove(
              webserver.metadata().path("image_digest").asText(), new HashSet<>());
      case SECRET_GONE -> removeSecret(left, "one");
      case KEY_SECRET_GONE -> removeSecret(left, "secret-key");
      case KEY_GONE -> {
        String key = "KEYS/" + webserver.metadata().path("auth_key_id").asText();
        Files.delete(file(key));
        bench.cache.del("storage:" + key);
      }
      case VARIABLES_LOST -> {
        ObjectNode stored = webserver.metadata();
        ((ObjectNode) stored.path("env")).remove("RATE");
        webserver.store(stored);
      }
      case NEVER_STORED, NEVER_STORED_AND_UNWANTED -> {
        Files.delete(metadata(left));
        Files.delete(metadata(left).resolveSibling("faas_spec.json"));
        bench.cache.flushAll();
      }
    }
  }

  private void removeSecret(Left left, String name) throws IOException {
    bench.platformAnswer(
        "DELETE",
        "/system/secrets",
        Json.text(Json.object().put("name", "sc-" + ids.get(left) + "-" + name)));
  }

  private void own(Left left) throws IOException {
    Webserver webserver = webserver(left);
    ObjectNode create = Objects.requireNonNull(creates.get(left));
    ObjectNode event =
        switch (left.owner) {
          case CREATES -> create;
          case UPDATES ->
              webserver.update(
                  update -> {
                    update.set("env", object(Map.of("MORE", "1")));
                    update.set("secrets", object(Map.of("one", ChainCanaries.SECOND)));
                  });
          case UPDATES_IMAGE ->
              webserver.update(update -> update.put("image", bench.customerImage("1")));
          case DELETES -> webserver.delete();
          case UNDOES -> Webserver.undo(create);
        };
    done(left, event);
  }

  private void done(Left left, ObjectNode event) {
    var environment = bench.environment(Storage.DISK);
    environment.put("EVENT", Json.text(event));
    InProcess.Ended ended = InProcess.job(environment);
    assertThat(ended.code()).as(left + " " + ended.said()).isZero();
  }

  private Webserver webserver(Left left) {
    return Objects.requireNonNull(webservers.get(left));
  }

  private Path metadata(Left left) {
    return file("SMARTCONTRACT/" + ids.get(left) + "/metadata.json");
  }

  private Path file(String key) {
    return bench.objects(Storage.DISK).resolve(key);
  }

  private void put(String key, String value) throws IOException {
    Files.write(file(key), utf8(value));
  }

  private Map<String, String> answer(Left left) throws IOException {
    byte[] answer = bench.platformAnswer("POST", "/function/contract-" + ids.get(left), "x");
    var variables = new HashMap<String, String>();
    Json.read(answer)
        .path("env")
        .properties()
        .forEach(variable -> variables.put(variable.getKey(), variable.getValue().asText()));
    return variables;
  }

  private void nothingIsLeft() throws IOException {
    assertThat(bench.onGateway("function")).isEmpty();
    assertThat(bench.onGateway("secret")).isEmpty();
    assertThat(bench.privateRegistry.tags()).doesNotContainAnyElementsOf(ids.values());
    try (Stream<Path> files = Files.walk(bench.objects(Storage.DISK))) {
      assertThat(files.filter(Files::isRegularFile))
          .filteredOn(file -> !file.toString().contains("CONTRACT_BUILDER/JOURNAL/"))
          .isEmpty();
    }
  }

  /** What it says of these contracts, by what is left of them; other tests push there, too. */
  private Set<String> doctor(int code, String... more) throws IOException {
    var command = Stream.concat(Stream.of("doctor", "--json"), Stream.of(more));
    InProcess.Ended ended =
        InProcess.command(bench.environment(Storage.DISK), command.toArray(String[]::new));
    var found = new TreeSet<String>();
    boolean others = false;
    for (String line : ended.said().lines().filter(text -> text.startsWith("{")).toList()) {
      JsonNode finding = Json.read(utf8(line));
      String kind = finding.path("kind").asText() + " " + finding.path("end").asText();
      String subject = finding.path("subject").asText();
      if (subject.startsWith("SC_")) {
        found.add(kind);
      } else if (ids.containsValue(subject)) {
        ids.forEach(
            (left, id) -> found.addAll(id.equals(subject) ? Set.of(left + " " + kind) : Set.of()));
      } else if (finding.has("kind")) {
        others = true;
      }
    }
    assertThat(ended.code()).as(ended.said()).isEqualTo(others ? 1 : code);
    assertThat(ended.said()).doesNotContain(ChainCanaries.SECRET, ChainCanaries.SECOND);
    return found;
  }
}
