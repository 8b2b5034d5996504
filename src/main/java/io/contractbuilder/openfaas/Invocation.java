package io.contractbuilder.openfaas;

/**
 * A function's answer.
 *
 * @param status HTTP status
 * @param contentType empty if none was given
 */
public record Invocation(int status, String contentType, byte[] body) {}
