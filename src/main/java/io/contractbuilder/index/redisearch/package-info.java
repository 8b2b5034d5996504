/** The chain's search index in a RediSearch 1.x. */
@NullMarked
package io.contractbuilder.index.redisearch;

import org.jspecify.annotations.NullMarked;
