/** The ledger of the chain that this program stands in. */
@NullMarked
package io.contractbuilder.ledger.redis;

import org.jspecify.annotations.NullMarked;
