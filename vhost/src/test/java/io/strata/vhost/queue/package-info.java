@NullMarked
package io.strata.vhost.queue;

import org.jspecify.annotations.NullMarked;
