package io.strata.fs.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins the bytes of format version 1: a change here is a new format version. */
class GoldenTest {
  private static final Ino FILE = Ino.of(new Epoch(3), 5);
  private static final Nonce NONCE = Nonce.of(new Epoch(3), 0x1234);
  private static final Timestamp BORN = new Timestamp(1_700_000_000, 7);
  private static final Timestamp LATER = new Timestamp(1_700_000_009, 500);

  private static final Inode REGULAR =
      new Inode(
          0100644, 1, 1000, 1000, 0, 300, 256, BORN, LATER, LATER, BORN, null, ByteString.EMPTY);
  private static final Inode DIRECTORY =
      new Inode(0040755, 2, 0, 0, 0, 0, 0, BORN, BORN, BORN, BORN, Ino.ROOT, ByteString.EMPTY);
  private static final Inode LINK =
      new Inode(0120777, 1, 0, 0, 0, 2, 0, BORN, BORN, LATER, BORN, null, ByteString.of("up"));

  @Test
  void keys() {
    assertHex(TreeKeys.inode(FILE), "0000030000000005" + "01");
    assertHex(TreeKeys.xattr(FILE, ByteString.of("user.a")), "0000030000000005" + "02757365722e61");
    assertHex(TreeKeys.dentry(Ino.ROOT, FileName.of("etc")), "0000000000000001" + "03657463");
    assertHex(TreeKeys.extent(FILE, 65536), "0000030000000005" + "04" + "0000000000010000");
    assertHex(TreeKeys.orphan(FILE), "0000000000000000" + "10" + "0000030000000005");
    assertHex(TreeKeys.segment(NONCE), "0000000000000000" + "20" + "0000000300001234");
    assertHex(TreeKeys.segmentLive(NONCE), "0000000000000000" + "21" + "0000000300001234");
    assertHex(TreeKeys.pack(NONCE), "0000000000000000" + "22" + "0000000300001234");
    assertHex(
        TreeKeys.dead(9, DeadObject.Kind.PACK, NONCE),
        "0000000000000000" + "23" + "0000000000000009" + "02" + "0000000300001234");
  }

  @Test
  void inodes() {
    assertHex(
        REGULAR.encode(),
        "01"
            + "a48302"
            + "01"
            + "e807e807"
            + "00"
            + "ac02"
            + "8002"
            + "80c49fd50c"
            + "07"
            + "05"
            + "12"
            + "f403");
    assertHex(
        DIRECTORY.encode(),
        "01" + "ed8301" + "02" + "000000" + "0000" + "80c49fd50c07" + "07" + "01");
    assertHex(
        LINK.encode(),
        "01" + "ffc302" + "01" + "000000" + "0200" + "80c49fd50c07" + "03" + "12f403" + "027570");
    assertHex(
        LINK.withParent(Ino.ROOT).encode(),
        "01"
            + "ffc302"
            + "01"
            + "000000"
            + "0200"
            + "80c49fd50c07"
            + "0b"
            + "12f403"
            + "01"
            + "027570");
  }

  @Test
  void otherValues() {
    assertHex(new Dentry(FILE, FileType.REGULAR).encode(), "858080808060" + "08");
    assertHex(new Extent(65536, 4096, NONCE, 131072).encode(), "8020" + "03b424" + "808008");
    assertHex(new Mutation.OrphanPut(FILE).value(), "00");
    assertHex(Xattrs.encodeValue(ByteString.of("blue")), "04626c7565");
    assertHex(new SegmentRecord(8, ByteString.of("ix")).encode(), "08" + "026978");
    assertHex(new Mutation.SegmentLivePut(NONCE, 300).value(), "ac02");
    assertHex(new PackRecord(1000, 3, 900, 8).encode(), "e807" + "03" + "8407" + "08");
    assertHex(new DeadObject(9, DeadObject.Kind.SEGMENT, NONCE, 8, 1000).encode(), "08" + "e807");
  }

  @Test
  void groups() throws MalformedRecord {
    List<Mutation> group =
        List.of(
            new Mutation.InodePut(Ino.ROOT, DIRECTORY),
            new Mutation.InodeDelete(FILE),
            new Mutation.XattrPut(Ino.ROOT, ByteString.of("user.a"), ByteString.of("blue")),
            new Mutation.XattrDelete(Ino.ROOT, ByteString.of("user.a")),
            new Mutation.DentryPut(Ino.ROOT, FileName.of("f"), new Dentry(FILE, FileType.REGULAR)),
            new Mutation.DentryDelete(Ino.ROOT, FileName.of("f")),
            new Mutation.ExtentPut(FILE, new Extent(65536, 4096, NONCE, 131072)),
            new Mutation.ExtentDelete(FILE, 65536),
            new Mutation.OrphanPut(FILE),
            new Mutation.OrphanDelete(FILE),
            new Mutation.SegmentPut(NONCE, new SegmentRecord(8, ByteString.of("ix"))),
            new Mutation.SegmentDelete(NONCE),
            new Mutation.SegmentLivePut(NONCE, 300),
            new Mutation.SegmentLiveDelete(NONCE),
            new Mutation.PackPut(NONCE, new PackRecord(1000, 3, 900, 8)),
            new Mutation.PackDelete(NONCE),
            new Mutation.DeadPut(new DeadObject(9, DeadObject.Kind.SEGMENT, NONCE, 8, 1000)),
            new Mutation.DeadDelete(9, DeadObject.Kind.SEGMENT, NONCE));
    String ino = "858080808060";
    String nonce = "03b424";
    assertHex(
        MutationCodec.encode(group),
        ("01" + "01" + "01ed8301020000000000" + "80c49fd50c07" + "07" + "01")
            + ("02" + ino)
            + ("03" + "01" + "06757365722e61" + "04626c7565")
            + ("04" + "01" + "06757365722e61")
            + ("05" + "01" + "0166" + ino + "08")
            + ("06" + "01" + "0166")
            + ("07" + ino + "808004" + "8020" + nonce + "808008")
            + ("08" + ino + "808004")
            + ("09" + ino)
            + ("0a" + ino)
            + ("0b" + nonce + "08026978")
            + ("0c" + nonce)
            + ("0d" + nonce + "ac02")
            + ("0e" + nonce)
            + ("0f" + nonce + "e807" + "03" + "8407" + "08")
            + ("10" + nonce)
            + ("11" + "09" + "01" + nonce + "08" + "e807")
            + ("12" + "09" + "01" + nonce));
    assertThat(MutationCodec.decode(MutationCodec.encode(group))).isEqualTo(group);
  }

  private static void assertHex(byte[] bytes, String hex) {
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
  }
}
