@NullMarked
package io.strata.vhost.fs;

import org.jspecify.annotations.NullMarked;
