/** The entry point, and the one place where things are wired together. */
@NullMarked
package io.contractbuilder.app;

import org.jspecify.annotations.NullMarked;
