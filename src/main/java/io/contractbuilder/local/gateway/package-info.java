/** OpenFaaS's gateway API over HTTP on loopback. */
@NullMarked
package io.contractbuilder.local.gateway;

import org.jspecify.annotations.NullMarked;
