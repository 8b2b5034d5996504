/** Commands: parse, call, print, exit code. */
@NullMarked
package io.contractbuilder.cli;

import org.jspecify.annotations.NullMarked;
