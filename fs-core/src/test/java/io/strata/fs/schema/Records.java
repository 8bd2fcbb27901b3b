package io.strata.fs.schema;

import io.strata.fs.schema.Mutation.DeadDelete;
import io.strata.fs.schema.Mutation.DeadPut;
import io.strata.fs.schema.Mutation.DentryDelete;
import io.strata.fs.schema.Mutation.DentryPut;
import io.strata.fs.schema.Mutation.ExtentDelete;
import io.strata.fs.schema.Mutation.ExtentPut;
import io.strata.fs.schema.Mutation.InodeDelete;
import io.strata.fs.schema.Mutation.InodePut;
import io.strata.fs.schema.Mutation.OrphanDelete;
import io.strata.fs.schema.Mutation.OrphanPut;
import io.strata.fs.schema.Mutation.PackDelete;
import io.strata.fs.schema.Mutation.PackPut;
import io.strata.fs.schema.Mutation.SegmentDelete;
import io.strata.fs.schema.Mutation.SegmentLiveDelete;
import io.strata.fs.schema.Mutation.SegmentLivePut;
import io.strata.fs.schema.Mutation.SegmentPut;
import io.strata.fs.schema.Mutation.XattrDelete;
import io.strata.fs.schema.Mutation.XattrPut;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any valid records, for properties. */
final class Records {
  private Records() {}

  static Arbitrary<Mutation> mutations() {
    return Arbitraries.oneOf(
        Combinators.combine(inos(), inodes()).as(InodePut::new),
        inos().map(InodeDelete::new),
        Combinators.combine(inos(), strings(1, 255), strings(0, 2000)).as(XattrPut::new),
        Combinators.combine(inos(), strings(1, 255)).as(XattrDelete::new),
        Combinators.combine(inos(), names(), dentries()).as(DentryPut::new),
        Combinators.combine(inos(), names()).as(DentryDelete::new),
        Combinators.combine(inos(), extents()).as(ExtentPut::new),
        Combinators.combine(inos(), counts()).as(ExtentDelete::new),
        inos().map(OrphanPut::new),
        inos().map(OrphanDelete::new),
        Combinators.combine(nonces(), segments()).as(SegmentPut::new),
        nonces().map(SegmentDelete::new),
        Combinators.combine(nonces(), counts()).as(SegmentLivePut::new),
        nonces().map(SegmentLiveDelete::new),
        Combinators.combine(nonces(), packs()).as(PackPut::new),
        nonces().map(PackDelete::new),
        deads().map(DeadPut::new),
        deads().map(dead -> new DeadDelete(dead.deathHead(), dead.kind(), dead.nonce())));
  }

  static Arbitrary<Ino> inos() {
    return Arbitraries.longs().between(1, Long.MAX_VALUE).map(Ino::new);
  }

  static Arbitrary<Nonce> nonces() {
    return Combinators.combine(
            Arbitraries.integers().between(1, Epoch.MAX),
            Arbitraries.longs().between(0, 0xffff_ffffL))
        .as((epoch, counter) -> Nonce.of(new Epoch(epoch), counter));
  }

  static Arbitrary<Long> counts() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE);
  }

  static Arbitrary<ByteString> strings(int bytesMin, int bytesMax) {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(bytesMin)
        .ofMaxSize(bytesMax)
        .map(ByteString::of);
  }

  static Arbitrary<FileName> names() {
    return Arbitraries.bytes()
        .filter(b -> b != 0 && b != '/')
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(FileName.BYTES_MAX)
        .filter(FileName::valid)
        .map(FileName::of);
  }

  static Arbitrary<Dentry> dentries() {
    return Combinators.combine(inos(), Arbitraries.of(FileType.class)).as(Dentry::new);
  }

  static Arbitrary<Extent> extents() {
    return Combinators.combine(
            Arbitraries.longs().between(0, Long.MAX_VALUE - Extent.LENGTH_MAX),
            Arbitraries.longs().between(1, Extent.LENGTH_MAX),
            nonces(),
            Arbitraries.longs().between(0, Extent.LOGICAL_MAX - Extent.LENGTH_MAX))
        .as(Extent::new);
  }

  static Arbitrary<SegmentRecord> segments() {
    return Combinators.combine(counts(), strings(0, 3100)).as(SegmentRecord::new);
  }

  static Arbitrary<PackRecord> packs() {
    return Combinators.combine(counts(), counts(), counts(), counts()).as(PackRecord::new);
  }

  static Arbitrary<DeadObject> deads() {
    return Combinators.combine(
            counts(), Arbitraries.of(DeadObject.Kind.class), nonces(), counts(), counts())
        .as(DeadObject::new);
  }

  static Arbitrary<Timestamp> timestamps() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 999_999_999))
        .as(Timestamp::new);
  }

  static Arbitrary<Inode> inodes() {
    // Few distinct times, so that the short forms for equal ones are met often.
    Arbitrary<Timestamp> times =
        Arbitraries.oneOf(
            timestamps(), Arbitraries.of(new Timestamp(1, 2), new Timestamp(-1, 999_999_999)));
    Arbitrary<Inode> plain =
        Combinators.combine(
                Arbitraries.of(FileType.class),
                Arbitraries.integers().between(0, 07777),
                Arbitraries.integers(),
                counts(),
                times,
                times,
                times,
                times)
            .as(Records::inode);
    return Combinators.combine(plain, Arbitraries.integers().between(0, Integer.MAX_VALUE))
        .as(Inode::withLinks);
  }

  private static Inode inode(
      FileType type,
      int permissions,
      int number,
      long count,
      Timestamp accessed,
      Timestamp modified,
      Timestamp changed,
      Timestamp born) {
    return new Inode(
        type.code() << 12 | permissions,
        1,
        number,
        ~number,
        number ^ 0x5555,
        count,
        Long.MAX_VALUE - count,
        accessed,
        modified,
        changed,
        born,
        type == FileType.DIRECTORY || (number & 1) == 0 ? new Ino(Math.max(1, count)) : null,
        type == FileType.SYMLINK ? ByteString.of("target " + number) : ByteString.EMPTY);
  }
}
