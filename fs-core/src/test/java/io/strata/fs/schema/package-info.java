/** Golden bytes, round trips and damage of what a volume's tree holds. */
@NullMarked
package io.strata.fs.schema;

import org.jspecify.annotations.NullMarked;
