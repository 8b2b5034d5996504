/** One connection to a Redis: addressing, TLS, repeating, and what went wrong in its own words. */
@NullMarked
package io.contractbuilder.redis;

import org.jspecify.annotations.NullMarked;
