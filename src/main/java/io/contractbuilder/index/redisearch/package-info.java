/** The search index on RediSearch 1.x. */
@NullMarked
package io.contractbuilder.index.redisearch;

import org.jspecify.annotations.NullMarked;
