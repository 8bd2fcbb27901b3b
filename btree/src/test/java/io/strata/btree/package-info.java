/** Tests of the tree against a model, its pages, its checkpoints and its locking. */
@NullMarked
package io.strata.btree;

import org.jspecify.annotations.NullMarked;
