/**
 * What one guest may see of a volume: decorators of {@link io.strata.fs.FileSystem}, each with one
 * concern. Start at {@link io.strata.fs.view.View}, which puts them together.
 *
 * <p>A view belongs to one session and does not guard handles: whoever serves several sessions must
 * not let one use the handles of another. Guests are not trusted: a view answers for every inode
 * number and every id that a hostile kernel may send.
 */
@NullMarked
package io.strata.fs.view;

import org.jspecify.annotations.NullMarked;
