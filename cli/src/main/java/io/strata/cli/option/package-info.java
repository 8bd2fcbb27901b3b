/** How sizes, times and settings are written on the command line, in a file, in the environment. */
@NullMarked
package io.strata.cli.option;

import org.jspecify.annotations.NullMarked;
