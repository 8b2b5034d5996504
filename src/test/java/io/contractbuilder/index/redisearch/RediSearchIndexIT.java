package io.contractbuilder.index.redisearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import io.contractbuilder.index.IndexException;
import io.contractbuilder.index.SearchIndex;
import io.contractbuilder.index.SearchIndexConformance;
import io.contractbuilder.redis.OwnRedis;
import io.contractbuilder.redis.Redis;
import io.contractbuilder.redis.RedisAddress;
import io.contractbuilder.redis.RedisCommand;
import io.contractbuilder.redis.RedisException;
import io.contractbuilder.redis.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real module, without the chain's indexes at first. */
@EnabledIfEnvironmentVariable(
    named = "PARTS_REDISEARCH_MODULE",
    matches = ".+",
    disabledReason = "PARTS_REDISEARCH_MODULE is not set: run this beside parts/run")
class RediSearchIndexIT extends SearchIndexConformance {
  private static final ContractId OTHER = new ContractId("9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");

  @RegisterExtension
  static final OwnRedis REDIS =
      new OwnRedis("--loadmodule " + System.getenv("PARTS_REDISEARCH_MODULE"));

  @Override
  protected SearchIndex index() {
    return new RediSearchIndex(REDIS.connection());
  }

  @Test
  void removesTheContractAndItsTypesIndexAndNothingElse() {
    chainsIndexes();
    contract(ONE, TYPE.value());
    contract(OTHER, "other");
    typeIndex(TYPE.value());
    typeIndex("other");

    index().remove(ONE, TYPE);

    assertThat(found("sc", "*")).isEqualTo(1);
    assertThat(found("sc", "@sc_name:{currency}")).isZero();
    assertThat(isThere(ONE.value())).isFalse();
    assertThat(isIndex(TYPE.value())).isFalse();
    assertThat(isThere("currency-transaction")).isFalse();
    assertThat(found("other", "*")).isEqualTo(1);
    assertThat(List.of("sc", "bk", "tx", "ver")).allMatch(this::isIndex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sc", "bk", "tx", "ver"})
  void neverDropsTheChainsOwnIndexes(String name) {
    chainsIndexes();
    contract(ONE, name);
    contract(OTHER, "other");

    index().remove(ONE, new TransactionType(name));

    assertThat(isIndex(name)).isTrue();
    assertThat(found("sc", "*")).isEqualTo(1);
    assertThat(isThere(ONE.value())).isFalse();
  }

  @Test
  void aTypeThatDiffersFromTheChainsIndexInItsCaseHasItsOwn() {
    chainsIndexes();
    typeIndex("SC");

    index().remove(ONE, new TransactionType("SC"));

    assertThat(isIndex("SC")).isFalse();
    assertThat(isIndex("sc")).isTrue();
  }

  @Test
  void theTypesIndexOfAnotherContractStays() {
    chainsIndexes();
    contract(ONE, TYPE.value());
    typeIndex(TYPE.value());

    index().remove(ONE, null);

    assertThat(isIndex(TYPE.value())).isTrue();
    assertThat(isThere(ONE.value())).isFalse();
  }

  @Test
  void removesTheHashThatAnEarlierRemovalLeft() {
    chainsIndexes();
    contract(ONE, TYPE.value());
    send(RedisCommand.FT_DEL, "sc", ONE.value());
    assertThat(isThere(ONE.value())).isTrue();

    index().remove(ONE, TYPE);

    assertThat(isThere(ONE.value())).isFalse();
  }

  @Test
  void aTypeIsANameAndNoQuery() {
    chainsIndexes();
    typeIndex("a");
    typeIndex("a-1");

    index().remove(ONE, new TransactionType("a-1"));

    assertThat(isIndex("a")).isTrue();
    assertThat(isIndex("a-1")).isFalse();
  }

  @Test
  void saysWhichRediSearchItIs() {
    assertThat(new RediSearchIndex(REDIS.connection()).version()).isEqualTo("RediSearch 1.2.0");
  }

  @Test
  void aRedisWithoutTheModuleIsNamedAsSuch(@TempDir Path folder) {
    try (var plain = RedisServer.start(folder);
        var client = new Redis(plain.address())) {
      var index = new RediSearchIndex(client);
      assertThatThrownBy(() -> index.remove(ONE, TYPE))
          .isInstanceOf(IndexException.class)
          .hasMessageContaining("remove contract " + ONE)
          .hasMessageContaining("REDISEARCH_ENDPOINT");
      assertThatThrownBy(index::version).isInstanceOf(IndexException.class);
    }
  }

  @Test
  void aServerThatIsAwayIsAFailureThatMayPass() {
    try (var nobody = new Redis(RedisAddress.open("127.0.0.1", RedisServer.freePort()))) {
      assertThatThrownBy(() -> new RediSearchIndex(nobody).remove(ONE, TYPE))
          .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.retryHelps()).isTrue());
    }
  }

  @Test
  void knowsWhichContractsItFinds() {
    chainsIndexes();
    assertThat(index().contracts()).isEmpty();
    for (int i = 0; i < 2_345; i++) {
      send(RedisCommand.FT_ADD, "sc", "contract-" + i, "1.0", "FIELDS", "sc_name", "t" + i);
    }

    assertThat(index().contracts()).hasSize(2_345).contains("contract-0", "contract-2344");
  }

  @Test
  void whatWasPutIsFoundByItsTypeOnce() {
    chainsIndexes();

    index().put(ONE, TYPE);
    index().put(ONE, TYPE);

    assertThat(index().contracts()).containsExactly(ONE.value());
    assertThat(found("sc", "@sc_name:{currency}")).isEqualTo(1);
    index().remove(ONE, TYPE);
    assertThat(index().contracts()).isEmpty();
  }

  @Test
  void aChainWithoutItsIndexIsAFailure() {
    assertThatThrownBy(() -> index().contracts()).isInstanceOf(RedisException.class);
  }

  private void chainsIndexes() {
    send(RedisCommand.FT_CREATE, "sc", "SCHEMA", "sc_name", "TAG");
    for (String name : List.of("bk", "tx", "ver")) {
      send(RedisCommand.FT_CREATE, name, "SCHEMA", "timestamp", "NUMERIC");
    }
  }

  private void contract(ContractId id, String type) {
    send(RedisCommand.FT_ADD, "sc", id.value(), "1.0", "FIELDS", "sc_name", type);
  }

  /** With one transaction in it. */
  private void typeIndex(String name) {
    send(RedisCommand.FT_CREATE, name, "SCHEMA", "amount", "NUMERIC");
    send(RedisCommand.FT_ADD, name, name + "-transaction", "1.0", "FIELDS", "amount", "1");
  }

  private boolean isIndex(String name) {
    return isThere("idx:" + name);
  }

  private boolean isThere(String key) {
    return Long.valueOf(1).equals(send(RedisCommand.EXISTS, key));
  }

  private long found(String index, String query) {
    return send(RedisCommand.FT_SEARCH, index, query) instanceof List<?> answer
            && answer.getFirst() instanceof Long number
        ? number
        : -1;
  }

  private Object send(RedisCommand command, String... arguments) {
    return Objects.requireNonNull(REDIS.connection().command("set up a test", command, arguments));
  }
}
