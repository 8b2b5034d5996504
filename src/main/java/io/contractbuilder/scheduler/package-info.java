/** Recurring invocation of contracts. */
@NullMarked
package io.contractbuilder.scheduler;

import org.jspecify.annotations.NullMarked;
