@NullMarked
package io.strata.cli;

import org.jspecify.annotations.NullMarked;
