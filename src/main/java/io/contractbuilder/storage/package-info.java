/** Where contracts' documents are kept. */
@NullMarked
package io.contractbuilder.storage;

import org.jspecify.annotations.NullMarked;
