/**
 * Volumes whose store goes away for a while: in virtual time over memory, and with real programs
 * over a real S3 server.
 */
@NullMarked
package io.strata.tests.outage;

import org.jspecify.annotations.NullMarked;
