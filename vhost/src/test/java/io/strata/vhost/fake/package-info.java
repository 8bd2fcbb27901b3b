/** The other side of a connection, in memory: a front end, its guest, and a device to drive. */
@NullMarked
package io.strata.vhost.fake;

import org.jspecify.annotations.NullMarked;
