/** Images as file systems: layers unpacked with care, shared by the functions that use them. */
@NullMarked
package io.contractbuilder.local.rootfs;

import org.jspecify.annotations.NullMarked;
