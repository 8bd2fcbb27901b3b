/**
 * The stored form of the tree's pages, for whoever reads or writes them: the tree itself and the
 * checker, which walks pages without any of the tree's code.
 *
 * <p>Start at {@link PageCodec}, which specifies the bytes. {@link PageView} reads a page after it
 * has checked all of it, {@link PageBuilder} writes one.
 */
@NullMarked
package io.strata.btree.format;

import org.jspecify.annotations.NullMarked;
