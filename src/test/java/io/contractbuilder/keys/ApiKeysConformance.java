package io.contractbuilder.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link ApiKeys} does. */
public abstract class ApiKeysConformance {
  private final Random random = new Random(3);

  /** Where no key is. */
  protected abstract ApiKeys keys();

  @Test
  void givesBackTheKeyThatWasSaved() {
    ApiKey key = key();

    keys().save(key);

    assertThat(keys().find(key.id())).isEqualTo(key);
  }

  @Test
  void knowsNoKeyThatWasNotSaved() {
    keys().save(key());

    assertThat(keys().find(ApiKey.newId(random))).isNull();
  }

  @Test
  void replacesAKeyOfTheSameId() {
    ApiKey first = key();
    ApiKey second = ApiKey.generate(first.id(), random, Instant.ofEpochSecond(1_700_000_001));

    keys().save(first);
    keys().save(second);

    assertThat(keys().find(first.id())).isEqualTo(second).isNotEqualTo(first);
  }

  @Test
  void deletesAKeyOnce() {
    ApiKey key = key();
    keys().save(key);

    assertThat(keys().delete(key.id())).isTrue();
    assertThat(keys().find(key.id())).isNull();
    assertThat(keys().delete(key.id())).isFalse();
  }

  @Test
  void knowsWhichKeysAreThere() {
    assertThat(keys().ids()).isEmpty();
    ApiKey one = key();
    ApiKey other = key();
    keys().save(one);
    keys().save(other);
    keys().save(new ApiKey("A_PERSONS_OWN", one.key(), one.registered()));

    assertThat(keys().ids()).containsExactlyInAnyOrder(one.id(), other.id());
  }

  private ApiKey key() {
    return ApiKey.generate(ApiKey.newId(random), random, Instant.ofEpochSecond(1_700_000_000));
  }
}
