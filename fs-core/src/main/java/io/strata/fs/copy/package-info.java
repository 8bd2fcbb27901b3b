/**
 * Copies a volume from one store to another, object by object: {@link
 * io.strata.fs.copy.VolumeCopy}. What an object holds matters only as far as its frame tells.
 */
@NullMarked
package io.strata.fs.copy;

import org.jspecify.annotations.NullMarked;
