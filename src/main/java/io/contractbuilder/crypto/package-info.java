/** Digests and TLS by BoringSSL, which needs no warm JVM. */
@NullMarked
package io.contractbuilder.crypto;

import org.jspecify.annotations.NullMarked;
