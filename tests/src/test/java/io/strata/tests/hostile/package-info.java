/**
 * Guests and front-ends that mean harm, and one beside them that does not and must not notice.
 *
 * <p>Start at {@link io.strata.tests.hostile.HostileGuestsTest}. {@link
 * io.strata.tests.hostile.RingAttacks}, {@link io.strata.tests.hostile.RequestAttacks}, {@link
 * io.strata.tests.hostile.MemoryAttacks} and {@link io.strata.tests.hostile.MessageAttacks} list what
 * is tried.
 */
@NullMarked
package io.strata.tests.hostile;

import org.jspecify.annotations.NullMarked;
