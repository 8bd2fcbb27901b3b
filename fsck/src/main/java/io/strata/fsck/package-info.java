@NullMarked
package io.strata.fsck;

import org.jspecify.annotations.NullMarked;
