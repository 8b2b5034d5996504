package io.contractbuilder.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} does. */
public abstract class ObjectStoreConformance {
  /** An empty store. */
  protected abstract ObjectStore store();

  @Test
  void givesBackWhatItWasGiven() {
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);

    store().put("SMARTCONTRACT/a/HEAP/x", bytes);

    assertThat(store().get("SMARTCONTRACT/a/HEAP/x")).isEqualTo(bytes);
  }

  @Test
  void keepsAnEmptyObject() {
    store().put("a", new byte[0]);

    assertThat(store().get("a")).isEmpty();
    assertThat(store().list("")).containsExactly("a");
  }

  @Test
  void hasNothingUnderAnUnknownKey() {
    store().put("a/b", new byte[1]);

    assertThat(store().get("a/c")).isNull();
    assertThat(store().get("a")).isNull();
    assertThat(store().get("z/z")).isNull();
  }

  @Test
  void replacesAnObject() {
    store().put("a/b", "a longer one".getBytes(UTF_8));
    store().put("a/b", "short".getBytes(UTF_8));

    assertThat(store().get("a/b")).isEqualTo("short".getBytes(UTF_8));
  }

  @Test
  void deletesAnObjectOnce() {
    store().put("a/b/c", new byte[1]);

    assertThat(store().delete("a/b/c")).isTrue();
    assertThat(store().get("a/b/c")).isNull();
    assertThat(store().delete("a/b/c")).isFalse();
    assertThat(store().delete("a/b")).isFalse();
    assertThat(store().list("")).isEmpty();
  }

  @Test
  void deletesManyAtOnceWhetherTheyAreThereOrNot() {
    store().put("a/b", new byte[1]);
    store().put("a/c/d", new byte[1]);
    store().put("a/c/e", new byte[1]);

    store().deleteAll(List.of());
    store().deleteAll(List.of("a/b", "a/none", "z/z", "a/c/d"));

    assertThat(store().list("")).containsExactly("a/c/e");
    assertThatThrownBy(() -> store().deleteAll(List.of("a/../b")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsKeysThatAddressesAndXmlWouldWriteOtherwise() {
    var keys = List.of("a/%2F", "a/a b+c", "a/q?x=1&y#f", "a/ü<e>", "a/~.x", "a/日本");
    keys.forEach(key -> store().put(key, key.getBytes(UTF_8)));

    assertThat(store().list("a/")).containsExactlyInAnyOrderElementsOf(keys).isSorted();
    for (String key : keys) {
      assertThat(store().get(key)).as(key).isEqualTo(key.getBytes(UTF_8));
    }
    store().delete(keys.getFirst());
    store().deleteAll(keys.subList(1, keys.size()));
    assertThat(store().list("")).isEmpty();
  }

  @Test
  void takesAnObjectAgainWhereOneWasDeleted() {
    store().put("a/b/c", new byte[1]);
    store().delete("a/b/c");

    store().put("a/b/c", new byte[2]);

    assertThat(store().get("a/b/c")).hasSize(2);
  }

  @Test
  void deletingOneLeavesTheOthers() {
    store().put("a/b", new byte[1]);
    store().put("a/b2", new byte[1]);
    store().delete("a/b");

    assertThat(store().get("a/b2")).hasSize(1);
  }

  @Test
  void listsWhatBeginsWithAPrefixSorted() {
    for (String key : new String[] {"b/2", "a/x/1", "a/y", "a/x/0", "ab"}) {
      store().put(key, new byte[1]);
    }

    assertThat(store().list("a/")).containsExactly("a/x/0", "a/x/1", "a/y");
    assertThat(store().list("a/x")).containsExactly("a/x/0", "a/x/1");
    assertThat(store().list("a")).containsExactly("a/x/0", "a/x/1", "a/y", "ab");
    assertThat(store().list("c/")).isEmpty();
    assertThat(store().list("")).hasSize(5);
  }

  @Test
  void listsWhatIsRightBelowAPrefix() {
    for (String key : new String[] {"a/x/1", "a/y", "a/x/0/deep", "ab/z", "a/b c/1"}) {
      store().put(key, new byte[1]);
    }

    assertThat(store().children("a/")).containsExactly("b c", "x", "y");
    assertThat(store().children("a/x/")).containsExactly("0", "1");
    assertThat(store().children("c/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/."})
  void takesNoKeyThatLeadsElsewhere(String key) {
    assertThatThrownBy(() -> store().put(key, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().get(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().delete(key)).isInstanceOf(IllegalArgumentException.class);
  }
}
