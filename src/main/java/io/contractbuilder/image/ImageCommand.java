package io.contractbuilder.image;

import org.jspecify.annotations.Nullable;

/**
 * The program that a contract runs in its image.
 *
 * @param program a path, or a name that is looked for in {@code PATH}
 * @param path the contract's own {@code PATH}; null: the image's
 */
public record ImageCommand(String program, @Nullable String path) {}
