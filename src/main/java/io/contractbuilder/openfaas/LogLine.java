package io.contractbuilder.openfaas;

import java.time.Instant;

/**
 * A line that a function wrote.
 *
 * @param instance which replica wrote it
 * @param text without the newline
 */
public record LogLine(String name, String instance, Instant timestamp, String text) {}
