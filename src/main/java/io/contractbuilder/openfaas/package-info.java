/**
 * The OpenFaaS gateway: its port, its HTTP client, its wire records, and what its provider can do.
 */
@NullMarked
package io.contractbuilder.openfaas;

import org.jspecify.annotations.NullMarked;
