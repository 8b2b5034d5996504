/** Containers: how one is run by runc or bubblewrap, looked after, and ended. */
@NullMarked
package io.contractbuilder.local.sandbox;

import org.jspecify.annotations.NullMarked;
