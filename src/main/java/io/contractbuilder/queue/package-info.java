/** The chain's tasks, waiting and in hand: a port, and what passes through it. */
@NullMarked
package io.contractbuilder.queue;

import org.jspecify.annotations.NullMarked;
