/** Tests of views that need no volume; those that do stand with the volume's. */
@NullMarked
package io.strata.fs.view;

import org.jspecify.annotations.NullMarked;
