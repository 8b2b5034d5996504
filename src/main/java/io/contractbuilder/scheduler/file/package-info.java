/** Schedules in a folder, for those without a chain. */
@NullMarked
package io.contractbuilder.scheduler.file;

import org.jspecify.annotations.NullMarked;
