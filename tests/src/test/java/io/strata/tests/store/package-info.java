/**
 * The {@code s3:} store under real conditions, through the proxy: throttling, TLS, credentials,
 * slow and broken connections, and answers that leave one in doubt (docs/uncertain-answers.md).
 */
@NullMarked
package io.strata.tests.store;

import org.jspecify.annotations.NullMarked;
