package io.contractbuilder.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Before an API server that has no time, or is not there. */
class ClusterTest {
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    Config config =
        LaunchedTasks.patient(
            new ConfigBuilder()
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
    config.setRequestRetryBackoffInterval(1);
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  /** Answers so many requests with the first status, the others with the second. */
  private void answers(int first, int times, int then) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(asked.incrementAndGet() <= times ? first : then, -1);
          }
        });
  }

  @Test
  void whatHasNoTimeIsAskedAgain() {
    answers(429, 2, 404);
    assertThat(new Cluster(client, "n").job("x")).isNull();
    assertThat(asked).hasValue(3);
  }

  @Test
  void whoNeverHasTimeMayHaveSomeLater() {
    answers(429, Integer.MAX_VALUE, 429);
    assertThatThrownBy(() -> new Cluster(client, "n").job("x"))
        .hasMessageContainingAll("get Job x", "429", "overloaded")
        .isInstanceOfSatisfying(
            KubernetesFailure.class,
            failure -> {
              assertThat(failure.retryHelps()).isTrue();
              assertThat(failure.passes()).isTrue();
            });
  }

  @Test
  void whoIsNotThereMayComeBack() {
    server.stop(0);
    assertThatThrownBy(() -> new Cluster(client, "n").job("x"))
        .hasMessageContainingAll("get Job x", "no answer", "API server runs")
        .isInstanceOfSatisfying(
            KubernetesFailure.class,
            failure -> {
              assertThat(failure.retryHelps()).isTrue();
              assertThat(failure.passes()).isTrue();
            });
  }

  @Test
  void aNameThatIsTakenIsNoFailure() {
    answers(409, Integer.MAX_VALUE, 409);
    var job = new JobBuilder().withNewMetadata().withName("x").endMetadata().build();
    assertThat(new Cluster(client, "n").create(job)).isNull();
  }
}
