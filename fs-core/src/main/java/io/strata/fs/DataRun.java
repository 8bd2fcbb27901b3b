package io.strata.fs;

import io.strata.store.Nonce;
import java.lang.foreign.MemorySegment;

/**
 * Bytes of a segment that are wanted, and where.
 *
 * @param nonce the segment
 * @param logicalOffset where in its logical stream they begin
 * @param target what to fill, to its last byte
 */
public record DataRun(Nonce nonce, long logicalOffset, MemorySegment target) {}
