/** API keys of contracts. */
@NullMarked
package io.contractbuilder.keys;

import org.jspecify.annotations.NullMarked;
