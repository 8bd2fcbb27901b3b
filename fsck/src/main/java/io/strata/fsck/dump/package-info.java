/**
 * A volume's metadata as lines of JSON, and a volume made of such lines (docs/dump.md).
 *
 * <p>Start at {@link io.strata.fsck.dump.Dump} and {@link io.strata.fsck.dump.Load}. {@code
 * DumpLine} is the format, {@code DumpFile} reads it from a file that nobody has reason to trust.
 *
 * <p>Invariants: a file without its last line, or of which a byte was changed, is refused; loading
 * puts nothing before the whole file has been read and fits both itself and the segments that are
 * there; nothing is held in memory that grows with the volume (tables are in {@code scratch}).
 *
 * <p>On the caller's thread; requests go ahead of it on threads of their own.
 */
@NullMarked
package io.strata.fsck.dump;

import org.jspecify.annotations.NullMarked;
