/** Storage in a bucket of an S3. */
@NullMarked
package io.contractbuilder.storage.s3;

import org.jspecify.annotations.NullMarked;
