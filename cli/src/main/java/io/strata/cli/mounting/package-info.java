/**
 * A volume at a place in the file tree: the daemon that serves it, starting it in the background,
 * what the kernel says is mounted, and how {@code mount(8)} and {@code fstab(5)} say what to mount.
 */
@NullMarked
package io.strata.cli.mounting;

import org.jspecify.annotations.NullMarked;
