package io.contractbuilder.endtoend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.endtoend.ChainBench.Storage;
import java.io.IOException;
import java.util.Map;

/** What is done to a contract in peace, and what is done then. */
enum CrashAction {
  CREATE,
  UPDATE_IMAGE,
  UPDATE_SECRETS,
  UPDATE_ENVIRONMENT,
  UPDATE_SCHEDULE,
  DELETE;

  /** Brings the chain to where it can be done; answers with its event. */
  ObjectNode prepared(CrashBench bench, Storage storage) throws IOException {
    Webserver webserver = bench.anew(storage);
    ObjectNode create =
        webserver.create(
            event -> {
              event.put("seconds", 60);
              event.set("env", Webserver.object(Map.of("RATE", "3")));
              event.set("secrets", Webserver.object(Map.of("one", ChainCanaries.SECRET)));
            });
    if (this == CREATE) {
      return create;
    }
    bench.prepare(create);
    return switch (this) {
      case CREATE -> create;
      case UPDATE_IMAGE -> webserver.update(event -> event.put("image", bench.customerImage("2")));
      case UPDATE_SECRETS ->
          webserver.update(
              event ->
                  event.set(
                      "secrets",
                      Webserver.object(Map.of("one", ChainCanaries.SECOND, "two", "2"))));
      case UPDATE_ENVIRONMENT ->
          webserver.update(event -> event.set("env", Webserver.object(Map.of("RATE", "4"))));
      case UPDATE_SCHEDULE -> webserver.update(event -> event.put("cron", "0 12 * * *"));
      case DELETE -> webserver.delete();
    };
  }
}
