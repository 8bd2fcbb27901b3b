/** Guests on volumes: each test boots virtual machines and believes what they say. */
@NullMarked
package io.strata.tests.guest;

import org.jspecify.annotations.NullMarked;
