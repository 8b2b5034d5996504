package io.contractbuilder.redis;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS to a Redis. The certificate has to name the host that is asked for.
 *
 * @param authority PEM file of the certificate authorities that are trusted, read at each connect;
 *     null for those that Java trusts
 */
public record RedisTls(@Nullable Path authority) {}
