package io.contractbuilder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
  @Test
  void isJavasOwnWithoutTheRestOfItsProvider() throws NoSuchAlgorithmException {
    assertThat(Sha256.make().getProvider().getName()).isEqualTo("ContractBuilderSha256");
    Random random = new Random(57);
    for (int length : new int[] {0, 1, 55, 56, 63, 64, 65, 1000, 100_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertThat(Sha256.make().digest(bytes))
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
  }

  @Test
  void eachIsItsOwn() {
    MessageDigest one = Sha256.make();
    one.update((byte) 1);

    assertThat(Sha256.make().digest()).isNotEqualTo(one.digest());
  }
}
