/** HTTP/1.1 over the Unix sockets of functions. */
@NullMarked
package io.contractbuilder.local.wire;

import org.jspecify.annotations.NullMarked;
