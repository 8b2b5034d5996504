/** Environment and files, read once into records; every mistake reported together. */
@NullMarked
package io.contractbuilder.settings;

import org.jspecify.annotations.NullMarked;
