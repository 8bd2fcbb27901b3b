package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;

/**
 * The memory in which a back end notes what it has in flight, which its successor gets.
 *
 * @param file what it is
 * @param bytes its length
 * @param offset where it begins
 */
public record Inflight(Descriptor file, long bytes, long offset) {}
