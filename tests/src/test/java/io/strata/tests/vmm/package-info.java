/** The front-end's rings against the back end's. */
@NullMarked
package io.strata.tests.vmm;

import org.jspecify.annotations.NullMarked;
