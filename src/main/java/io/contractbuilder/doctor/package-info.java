/** Compares what the parts hold of the contracts, says where they disagree, and mends it. */
@NullMarked
package io.contractbuilder.doctor;

import org.jspecify.annotations.NullMarked;
