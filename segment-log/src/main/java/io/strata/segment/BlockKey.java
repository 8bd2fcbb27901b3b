package io.strata.segment;

/**
 * The name of a block of a stored segment.
 *
 * @param nonce the segment's, unwrapped: there is one of these for each look into the cache
 * @param block its number
 */
record BlockKey(long nonce, int block) {}
