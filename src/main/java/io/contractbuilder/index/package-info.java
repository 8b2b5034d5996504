/** The chain's search index. */
@NullMarked
package io.contractbuilder.index;

import org.jspecify.annotations.NullMarked;
