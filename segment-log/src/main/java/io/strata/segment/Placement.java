package io.strata.segment;

import io.strata.store.Nonce;

/**
 * Where appended bytes are.
 *
 * @param nonce the segment that holds all of them
 * @param logicalOffset where in its logical stream the first one is
 */
public record Placement(Nonce nonce, long logicalOffset) {}
