/**
 * The whole program, as a user starts it: the launcher's script, the packaged jars, processes,
 * mounts and signals. Run by failsafe after packaging ({@code mvn verify}).
 */
@NullMarked
package io.strata.cli.launcher;

import org.jspecify.annotations.NullMarked;
