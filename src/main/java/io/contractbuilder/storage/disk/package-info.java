/** Storage on a disk. */
@NullMarked
package io.contractbuilder.storage.disk;

import org.jspecify.annotations.NullMarked;
