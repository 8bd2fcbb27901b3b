package io.strata.segment;

/**
 * What a block reader has done.
 *
 * @param hits blocks that were read from the cache
 * @param misses blocks that had to be waited for
 * @param gets answered requests for blocks, prefetches among them
 * @param getBytes bytes in these answers
 * @param cacheBytes bytes that the cache uses now, about
 */
public record BlockReaderStats(long hits, long misses, long gets, long getBytes, long cacheBytes) {}
