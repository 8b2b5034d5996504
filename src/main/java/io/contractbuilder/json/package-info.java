/** JSON as the chain writes it, and strict reading of what others wrote. */
@NullMarked
package io.contractbuilder.json;

import org.jspecify.annotations.NullMarked;
