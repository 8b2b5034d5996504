/** The ledger of a chain that is reached over HTTP. */
@NullMarked
package io.contractbuilder.ledger.http;

import org.jspecify.annotations.NullMarked;
