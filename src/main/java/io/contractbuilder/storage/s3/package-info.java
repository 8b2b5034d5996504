/** Objects in an S3 bucket. */
@NullMarked
package io.contractbuilder.storage.s3;

import org.jspecify.annotations.NullMarked;
