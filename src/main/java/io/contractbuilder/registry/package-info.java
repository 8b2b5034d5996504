/**
 * The OCI distribution protocol, OCI image layouts and docker archives, streaming copies, and the
 * guard against hostile registries.
 */
@NullMarked
package io.contractbuilder.registry;

import org.jspecify.annotations.NullMarked;
