/** Tests of the stored form of pages, byte by byte. */
@NullMarked
package io.strata.btree.format;

import org.jspecify.annotations.NullMarked;
