package io.strata.fsck.dump;

import io.strata.fs.schema.Mutation;

/** Counts lines. Confined to a thread. */
final class Tally {
  private long lines;
  private long inodes;
  private long names;
  private long attributes;
  private long extents;
  private long orphans;
  private long segments;

  void count(DumpLine line) {
    lines++;
    switch (line) {
      case DumpLine.Entry(Mutation.InodePut put) -> inodes++;
      case DumpLine.Entry(Mutation.DentryPut put) -> names++;
      case DumpLine.Entry(Mutation.XattrPut put) -> attributes++;
      case DumpLine.Entry(Mutation.ExtentPut put) -> extents++;
      case DumpLine.Entry(Mutation.OrphanPut put) -> orphans++;
      case DumpLine.Segment segment -> segments++;
      case DumpLine other -> {}
    }
  }

  DumpCounts counts() {
    return new DumpCounts(lines, inodes, names, attributes, extents, orphans, segments);
  }
}
