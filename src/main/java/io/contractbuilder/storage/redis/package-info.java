/** What stands beside the storage in a Redis. */
@NullMarked
package io.contractbuilder.storage.redis;

import org.jspecify.annotations.NullMarked;
