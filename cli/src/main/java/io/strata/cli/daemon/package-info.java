/**
 * A process that serves a volume, however it does that: opens the volume, offers it through an
 * {@link io.strata.cli.daemon.Export}, answers on its control socket, and closes the volume when
 * the export has come to its end.
 */
@NullMarked
package io.strata.cli.daemon;

import org.jspecify.annotations.NullMarked;
