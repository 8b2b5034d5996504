/** Has each task done by a Kubernetes Job of its own. */
@NullMarked
package io.contractbuilder.launch;

import org.jspecify.annotations.NullMarked;
