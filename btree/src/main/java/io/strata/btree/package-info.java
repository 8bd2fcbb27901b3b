/**
 * A copy-on-write paged B+tree over byte keys. Knows nothing of files or buckets: pages come from a
 * {@link io.strata.btree.PageSource} and go to a {@link io.strata.btree.PageSink}.
 *
 * <p>Start at {@link io.strata.btree.BTree}, then {@code LiveTree}, {@code Path} and {@code
 * PageLedger}. The README of the module has the protocol.
 */
@NullMarked
package io.strata.btree;

import org.jspecify.annotations.NullMarked;
