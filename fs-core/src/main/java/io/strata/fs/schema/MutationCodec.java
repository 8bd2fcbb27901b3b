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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of mutations as the replay log holds them (docs/format.md, section "Mutation groups").
 *
 * <p>A group is its mutations back to back, to the end. A mutation is a tag in one byte, the fields
 * of its key and, if it stores something, the value exactly as the tree holds it:
 *
 * <pre>
 *   0x01 inode stored         ino · inode
 *   0x02 inode removed        ino
 *   0x03 attribute stored     ino · name · value
 *   0x04 attribute removed    ino · name
 *   0x05 entry stored         ino of the directory · name · entry
 *   0x06 entry removed        ino of the directory · name
 *   0x07 extent stored        ino · file offset · extent
 *   0x08 extent removed       ino · file offset
 *   0x09 orphan marked        ino
 *   0x0a orphan unmarked      ino
 *   0x0b segment stored       nonce · segment record
 *   0x0c segment removed      nonce
 *   0x0d live bytes stored    nonce · live bytes
 *   0x0e live bytes removed   nonce
 *   0x0f pack stored          nonce · pack record
 *   0x10 pack removed         nonce
 *   0x11 dead object stored   death head · u8 kind · nonce · birth head · stored bytes
 *   0x12 dead object removed  death head · u8 kind · nonce
 * </pre>
 *
 * <p>Numbers are varints; a nonce is two, epoch and counter; an attribute's name is a varint length
 * and its bytes; a file's name is a length in one byte and its bytes.
 */
public final class MutationCodec {
  private static final int INODE_PUT = 0x01;
  private static final int INODE_DELETE = 0x02;
  private static final int XATTR_PUT = 0x03;
  private static final int XATTR_DELETE = 0x04;
  private static final int DENTRY_PUT = 0x05;
  private static final int DENTRY_DELETE = 0x06;
  private static final int EXTENT_PUT = 0x07;
  private static final int EXTENT_DELETE = 0x08;
  private static final int ORPHAN_PUT = 0x09;
  private static final int ORPHAN_DELETE = 0x0a;
  private static final int SEGMENT_PUT = 0x0b;
  private static final int SEGMENT_DELETE = 0x0c;
  private static final int SEGMENT_LIVE_PUT = 0x0d;
  private static final int SEGMENT_LIVE_DELETE = 0x0e;
  private static final int PACK_PUT = 0x0f;
  private static final int PACK_DELETE = 0x10;
  private static final int DEAD_PUT = 0x11;
  private static final int DEAD_DELETE = 0x12;

  private MutationCodec() {}

  /** Encodes a group. */
  public static byte[] encode(List<Mutation> group) {
    RecordWriter out = new RecordWriter(group.size() * 48);
    for (Mutation mutation : group) {
      write(mutation, out);
    }
    return out.toBytes();
  }

  /** Decodes a group. */
  public static List<Mutation> decode(byte[] group) throws MalformedRecord {
    return RecordReader.whole("mutation group", group, MutationCodec::readAll);
  }

  /** Decodes the group that is left of {@code group}, which stays as it is. */
  public static List<Mutation> decode(ByteBuffer group) throws MalformedRecord {
    byte[] bytes = new byte[group.remaining()];
    group.get(group.position(), bytes);
    return decode(bytes);
  }

  private static List<Mutation> readAll(RecordReader in) throws MalformedRecord {
    List<Mutation> mutations = new ArrayList<>();
    while (in.hasMore()) {
      mutations.add(read(in));
    }
    return mutations;
  }

  private static void write(Mutation mutation, RecordWriter out) {
    switch (mutation) {
      case InodePut(Ino ino, Inode inode) -> inode.write(out.u8(INODE_PUT).varint(ino.value()));
      case InodeDelete(Ino ino) -> out.u8(INODE_DELETE).varint(ino.value());
      case XattrPut(Ino ino, ByteString name, ByteString content) ->
          out.u8(XATTR_PUT).varint(ino.value()).string(name).string(content);
      case XattrDelete(Ino ino, ByteString name) ->
          out.u8(XATTR_DELETE).varint(ino.value()).string(name);
      case DentryPut(Ino parent, FileName name, Dentry entry) ->
          entry.write(out.u8(DENTRY_PUT).varint(parent.value()).name(name));
      case DentryDelete(Ino parent, FileName name) ->
          out.u8(DENTRY_DELETE).varint(parent.value()).name(name);
      case ExtentPut(Ino ino, Extent extent) ->
          extent.write(out.u8(EXTENT_PUT).varint(ino.value()).varint(extent.fileOffset()));
      case ExtentDelete(Ino ino, long fileOffset) ->
          out.u8(EXTENT_DELETE).varint(ino.value()).varint(fileOffset);
      case OrphanPut(Ino ino) -> out.u8(ORPHAN_PUT).varint(ino.value());
      case OrphanDelete(Ino ino) -> out.u8(ORPHAN_DELETE).varint(ino.value());
      case SegmentPut(var nonce, SegmentRecord segment) ->
          segment.write(out.u8(SEGMENT_PUT).nonce(nonce));
      case SegmentDelete(var nonce) -> out.u8(SEGMENT_DELETE).nonce(nonce);
      case SegmentLivePut(var nonce, long liveBytes) ->
          out.u8(SEGMENT_LIVE_PUT).nonce(nonce).varint(liveBytes);
      case SegmentLiveDelete(var nonce) -> out.u8(SEGMENT_LIVE_DELETE).nonce(nonce);
      case PackPut(var nonce, PackRecord pack) -> pack.write(out.u8(PACK_PUT).nonce(nonce));
      case PackDelete(var nonce) -> out.u8(PACK_DELETE).nonce(nonce);
      case DeadPut(DeadObject dead) ->
          dead.write(
              out.u8(DEAD_PUT).varint(dead.deathHead()).u8(dead.kind().code()).nonce(dead.nonce()));
      case DeadDelete(long deathHead, DeadObject.Kind kind, var nonce) ->
          out.u8(DEAD_DELETE).varint(deathHead).u8(kind.code()).nonce(nonce);
    }
  }

  private static Mutation read(RecordReader in) throws MalformedRecord {
    int tag = in.u8();
    return switch (tag) {
      case INODE_PUT -> new InodePut(in.ino(), Inode.read(in));
      case INODE_DELETE -> new InodeDelete(in.ino());
      case XATTR_PUT ->
          new XattrPut(
              in.ino(), in.string(Xattrs.NAME_BYTES_MAX), in.string(Xattrs.VALUE_BYTES_MAX));
      case XATTR_DELETE -> new XattrDelete(in.ino(), in.string(Xattrs.NAME_BYTES_MAX));
      case DENTRY_PUT -> new DentryPut(in.ino(), in.name(), Dentry.read(in));
      case DENTRY_DELETE -> new DentryDelete(in.ino(), in.name());
      case EXTENT_PUT -> new ExtentPut(in.ino(), Extent.read(in.count(), in));
      case EXTENT_DELETE -> new ExtentDelete(in.ino(), in.count());
      case ORPHAN_PUT -> new OrphanPut(in.ino());
      case ORPHAN_DELETE -> new OrphanDelete(in.ino());
      case SEGMENT_PUT -> new SegmentPut(in.nonce(), SegmentRecord.read(in));
      case SEGMENT_DELETE -> new SegmentDelete(in.nonce());
      case SEGMENT_LIVE_PUT -> new SegmentLivePut(in.nonce(), in.count());
      case SEGMENT_LIVE_DELETE -> new SegmentLiveDelete(in.nonce());
      case PACK_PUT -> new PackPut(in.nonce(), PackRecord.read(in));
      case PACK_DELETE -> new PackDelete(in.nonce());
      case DEAD_PUT -> new DeadPut(DeadObject.read(readDeadKey(in), in));
      case DEAD_DELETE -> {
        TreeKey.Dead key = readDeadKey(in);
        yield new DeadDelete(key.deathHead(), key.kind(), key.nonce());
      }
      default -> throw in.malformed("no mutation has tag " + tag);
    };
  }

  private static TreeKey.Dead readDeadKey(RecordReader in) throws MalformedRecord {
    return new TreeKey.Dead(in.count(), DeadObject.Kind.ofCode(in.u8()), in.nonce());
  }
}
