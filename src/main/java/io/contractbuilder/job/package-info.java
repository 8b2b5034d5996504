/**
 * Create, update and delete a contract: the flow over the ports, the journal that makes it safe to
 * run again, the roll-back.
 */
@NullMarked
package io.contractbuilder.job;

import org.jspecify.annotations.NullMarked;
