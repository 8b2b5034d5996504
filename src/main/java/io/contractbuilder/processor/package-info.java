/** Takes the chain's tasks out of the queue and has them done, one after another per contract. */
@NullMarked
package io.contractbuilder.processor;

import org.jspecify.annotations.NullMarked;
