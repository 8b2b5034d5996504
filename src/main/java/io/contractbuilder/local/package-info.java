/**
 * The embedded platform: a small OpenFaaS gateway that runs functions in containers, and adapters
 * that need nothing but a disk.
 */
@NullMarked
package io.contractbuilder.local;

import org.jspecify.annotations.NullMarked;
