package io.contractbuilder.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where functions are deployed.
 *
 * @param url null: the local platform's
 * @param userFile read when it is needed; absent: no authentication
 * @param passwordFile the same
 */
public record GatewaySettings(@Nullable URI url, Path userFile, Path passwordFile) {}
