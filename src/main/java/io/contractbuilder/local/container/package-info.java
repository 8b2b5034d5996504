/** Runs containers with runc or bubblewrap, and unpacks images for them. */
@NullMarked
package io.contractbuilder.local.container;

import org.jspecify.annotations.NullMarked;
