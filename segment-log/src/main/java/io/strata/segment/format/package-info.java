/**
 * The bytes of a segment object: blocks, their index, the summary and the tail (docs/format.md,
 * section "Segments").
 *
 * <p>Start at {@link io.strata.segment.format.SegmentFooter}. Reader and writer of each structure
 * stand together; the checker shares these and nothing else with what it checks. All types are
 * immutable. Values are little-endian and checksums are CRC32C.
 */
@NullMarked
package io.strata.segment.format;

import org.jspecify.annotations.NullMarked;
