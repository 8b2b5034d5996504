/**
 * What a contract, a task, a schedule, a digest is: values that validate themselves. Nothing here
 * does I/O.
 */
@NullMarked
package io.contractbuilder.contract;

import org.jspecify.annotations.NullMarked;
