/**
 * Checks a volume from its bucket alone, without a daemon and without disturbing one, and repairs
 * it. A check never writes; a repair never overwrites or deletes.
 *
 * <p>Start at {@link io.strata.fsck.Fsck}. What a check can find is in {@code finding}. It shares
 * codecs with what it checks, never semantics: the rules are stated once more here, so that a
 * mistake in one place is found by the other.
 *
 * <p>How it goes: list the bucket; read descriptor and heads; replay the log into memory; walk the
 * tree of the newest head once, page by page in key order, checking every page, record and inode on
 * the way, both as of the head and as of the log's end; check every segment and pack against its
 * object; look up the paths of what was found. The tree streams by; what must be known of all
 * inodes, segments and pages at once, and what the log changes, is in tables that go to disk when
 * they outgrow an eighth of the heap ({@code scratch}).
 *
 * <p>A repair checks, takes the volume, checks once more with what older trees know of damaged
 * pages ({@code repair}), goes through all entries and collects what must change ({@code Mending},
 * {@code names.NameRepair}, {@code space.ExtentRepair}, {@code space.RecordRepair}), and writes the
 * whole tree anew under a new head. docs/fsck.md says what it does about each finding.
 *
 * <p>{@code dump} writes a volume's metadata as lines, and makes a volume of them.
 *
 * <p>Subpackages, which nobody else uses: {@code bucket} reads; {@code tree} walks pages; {@code
 * history} heads and logs; {@code names} inodes and directories; {@code space} extents, segments,
 * packs.
 *
 * <p>A check runs on the caller's thread; requests to the store go ahead of it on threads of their
 * own.
 */
@NullMarked
package io.strata.fsck;

import org.jspecify.annotations.NullMarked;
