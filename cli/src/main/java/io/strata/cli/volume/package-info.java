/** What a command learns of a volume, and how it gets at the bucket that holds it. */
@NullMarked
package io.strata.cli.volume;

import org.jspecify.annotations.NullMarked;
