package io.contractbuilder.index;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.TransactionType;
import org.junit.jupiter.api.Test;

/** What every {@link SearchIndex} does. */
public abstract class SearchIndexConformance {
  protected static final ContractId ONE = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  protected static final TransactionType TYPE = new TransactionType("currency");

  /** One that holds nothing. */
  protected abstract SearchIndex index();

  @Test
  void removingWhatIsNotThereIsNoErrorHoweverOften() {
    assertThatCode(
            () -> {
              index().remove(ONE, TYPE);
              index().remove(ONE, TYPE);
              index().remove(ONE, null);
            })
        .doesNotThrowAnyException();
  }
}
