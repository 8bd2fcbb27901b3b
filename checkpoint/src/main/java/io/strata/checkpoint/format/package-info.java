/**
 * The bytes of a volume's descriptor, its heads and its tree packs (docs/format.md, sections
 * "Volume", "Head", "Pack"), without the logic that decides about them: a checker reads with this
 * package alone.
 *
 * <p>Start at {@link io.strata.checkpoint.format.Head}. All types are immutable values.
 */
@NullMarked
package io.strata.checkpoint.format;

import org.jspecify.annotations.NullMarked;
