/** Transactions that tell the chain what was done. */
@NullMarked
package io.contractbuilder.ledger;

import org.jspecify.annotations.NullMarked;
