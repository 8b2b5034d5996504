package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry whose list of tags never ends, leads away or holds something else. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class HostileTagsTest {
  private static final String PAGE = "GET /v2/contracts/tags/list";
  private MemoryRegistry registry;
  private MemoryRegistry internal;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    registry = new MemoryRegistry();
    internal = new MemoryRegistry(new InetSocketAddress("127.0.0.2", 0));
    client =
        new RegistryClient(
            RegistryAccess.operator(Set.of(), AllowedAddresses.PUBLIC, null),
            new RefusingRegistries(null),
            InetAddress::getAllByName,
            time -> {});
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
    internal.close();
  }

  private Set<String> tags() {
    return client.repository(registry.host(), "contracts", null, new TrafficCount()).tags();
  }

  private static void page(HttpExchange exchange, List<String> tags) throws IOException {
    var list = Json.array();
    tags.forEach(list::add);
    MemoryRegistry.answer(exchange, 200, Json.write(Json.object().set("tags", list)));
  }

  private void pages(String link, MemoryRegistry.Answer answer) {
    registry.at(
        "/tags/list",
        exchange -> {
          exchange.getResponseHeaders().add("Link", link);
          answer.to(exchange);
        });
  }

  /** On each page other tags. */
  private void endless(int tags) {
    pages(
        "</v2/contracts/tags/list>; rel=\"next\"",
        exchange -> {
          long page = registry.count(PAGE);
          page(exchange, IntStream.range(0, tags).mapToObj(i -> page + "-" + i).toList());
        });
  }

  @Test
  void endlessListOfTagsIsCutOff() {
    registry.at("/tags/list", MemoryRegistry.endless(200));
    assertThatThrownBy(this::tags)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("registry " + registry.host())
        .hasMessageContaining("more than 8388608 bytes");
  }

  @Test
  void pagesWithoutEndAreGivenUp() {
    endless(1);
    assertThatThrownBy(this::tags)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("registry " + registry.host())
        .hasMessageContaining("more after 1000 pages with 1000 tags");
    assertThat(registry.requests).hasSize(1000).containsOnly(PAGE);
  }

  @Test
  void tagsWithoutEndAreGivenUp() {
    endless(30_000);
    assertThatThrownBy(this::tags)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("more after 4 pages with 120000 tags");
    assertThat(registry.requests).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<http://127.0.0.2:%d/v2/_catalog>; rel=\"next\"",
        "<//127.0.0.2:%d/v2/contracts/tags/list?last=a>; rel=\"next\"",
        "</v2/_catalog>; rel=\"next\"",
        "</v2/other/tags/list?last=a>; rel=\"next\"",
        "<file:///etc/passwd>; rel=\"next\"",
        "none"
      })
  void linkIsNeverFollowed(String link) {
    pages(link.formatted(internal.port()), exchange -> page(exchange, List.of("a")));
    assertThat(tags()).containsExactly("a");
    assertThat(registry.requests).containsExactly(PAGE, PAGE);
    assertThat(registry.heads.getLast()).startsWith("/v2/contracts/tags/list?n=1000&last=a ");
    assertThat(internal.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a b", "a&n=1", "-a", "a/b", "a?b", "a#b", "é", "long"})
  void tagThatIsNoneIsRefused(String tag) {
    String said = tag.equals("long") ? "a".repeat(129) : tag;
    registry.at("/tags/list", exchange -> page(exchange, Arrays.asList("a", said)));
    assertThatThrownBy(this::tags)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("a tag that is none");
  }

  @Test
  void secondPageIsRead() {
    registry.at(
        "/tags/list",
        exchange -> {
          if (exchange.getRequestURI().getQuery().contains("last=b")) {
            page(exchange, List.of("c"));
            return;
          }
          exchange.getResponseHeaders().add("Link", "</v2/contracts/tags/list>; rel=\"next\"");
          page(exchange, List.of("a", "b"));
        });
    assertThat(tags()).containsExactly("a", "b", "c");
    assertThat(registry.requests).hasSize(2);
  }
}
