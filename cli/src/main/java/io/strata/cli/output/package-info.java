/** What commands print: for people, or with {@code --json} for programs. */
@NullMarked
package io.strata.cli.output;

import org.jspecify.annotations.NullMarked;
