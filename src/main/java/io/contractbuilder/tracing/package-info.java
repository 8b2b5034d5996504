/** Spans of the processor's tasks and steps, to an OpenTelemetry collector. */
@NullMarked
package io.contractbuilder.tracing;

import org.jspecify.annotations.NullMarked;
