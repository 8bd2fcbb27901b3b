/** Few rounds of takeover, for every run of the tests. */
@NullMarked
package io.strata.tests.takeover;

import org.jspecify.annotations.NullMarked;
