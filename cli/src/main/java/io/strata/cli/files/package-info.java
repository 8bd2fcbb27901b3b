/**
 * Files of an open volume by their paths, for commands that need no mount. Start at {@link
 * io.strata.cli.files.VolumeFiles}.
 */
@NullMarked
package io.strata.cli.files;

import org.jspecify.annotations.NullMarked;
