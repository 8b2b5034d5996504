package io.contractbuilder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonListsTest {

  @Test
  void ofEachObjectOnlyTheNamedFieldsAreRead() throws MalformedJson {
    assertThat(
            each(
                "[{\"a\":1,\"x\":{\"a\":2},\"b\":{\"c\":[3]}}, {}, {\"x\":[{\"a\":4}],\"a\":null}]"))
        .containsExactly("{\"a\":1,\"b\":{\"c\":[3]}}", "{}", "{\"a\":null}");
    assertThat(each("[]")).isEmpty();
  }

  @Test
  void aListMayBeLongerThanWhatIsReadAsATree() throws MalformedJson {
    var text = new StringBuilder("[{\"a\":1}");
    for (int i = 0; i < 50_000; i++) {
      text.append(",{\"a\":2,\"x\":3}");
    }

    assertThat(each(text + "]")).hasSize(50_001);
    assertThatThrownBy(() -> Json.read((text + "]").getBytes(UTF_8)))
        .isInstanceOf(MalformedJson.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null", "[1]", "[{}", "[{}, 2]", "[{\"a\":}]", "[[]]"})
  void whatIsNoListOfObjectsIsRefused(String text) {
    assertThatThrownBy(() -> each(text)).isInstanceOf(MalformedJson.class);
  }

  private static List<String> each(String text) throws MalformedJson {
    var read = new ArrayList<String>();
    Json.each(text.getBytes(UTF_8), Set.of("a", "b"), object -> read.add(Json.text(object)));
    return read;
  }
}
