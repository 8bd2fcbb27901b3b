/** Requests to the store per operation: exact, so that they are promises. */
@NullMarked
package io.strata.tests.requests;

import org.jspecify.annotations.NullMarked;
