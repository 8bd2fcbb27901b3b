/** The proxy itself: that each fault is what it says. */
@NullMarked
package io.strata.tests.proxy;

import org.jspecify.annotations.NullMarked;
