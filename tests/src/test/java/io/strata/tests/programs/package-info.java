/** Real programs on a real mount, with their own verdicts. The scripts are in tests/programs. */
@NullMarked
package io.strata.tests.programs;

import org.jspecify.annotations.NullMarked;
