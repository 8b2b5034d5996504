/**
 * Pure transforms of manifests, configs and layers (the watchdog recipe), and the port by which a
 * contract's image is built. No network.
 */
@NullMarked
package io.contractbuilder.image;

import org.jspecify.annotations.NullMarked;
