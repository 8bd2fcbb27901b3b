@NullMarked
package io.strata.vhost.memory;

import org.jspecify.annotations.NullMarked;
