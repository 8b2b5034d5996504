/** The scheduler of the chain that this program stands in. */
@NullMarked
package io.contractbuilder.scheduler.redis;

import org.jspecify.annotations.NullMarked;
