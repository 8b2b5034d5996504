/** A ledger in a file, for those without a chain. */
@NullMarked
package io.contractbuilder.ledger.file;

import org.jspecify.annotations.NullMarked;
