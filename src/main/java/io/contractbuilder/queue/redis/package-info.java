/** The queue in the chain's Redis. */
@NullMarked
package io.contractbuilder.queue.redis;

import org.jspecify.annotations.NullMarked;
