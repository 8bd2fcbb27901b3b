/**
 * An S3 bucket, or a prefix of one. Start at {@link io.strata.store.s3.S3Store}.
 *
 * <p>One call of the port is one request, never a multipart upload, and nothing here sends a
 * request twice: what to do about an uncertain answer is decided above. Only this package knows the
 * AWS SDK.
 *
 * <p>Threads: callers block on futures that Netty's event loops complete; a semaphore lets at most
 * as many requests out as there are connections, so that nobody waits inside the SDK, where waiting
 * ends in a timeout.
 */
@NullMarked
package io.strata.store.s3;

import org.jspecify.annotations.NullMarked;
