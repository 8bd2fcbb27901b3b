package io.strata.fuse.abi;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Attributes;
import io.strata.fs.PastNumber;
import io.strata.fs.SpaceUse;
import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockConflict;
import io.strata.fs.locks.LockMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Replies as bytes; sizes and offsets as in the kernel's header. */
class ReplyTest {
  private static final Attributes ATTRIBUTES =
      new Attributes(
          new Ino(0x0102030405060708L),
          0100644,
          2,
          1000,
          100,
          0x12345678,
          5000,
          4097,
          new Timestamp(11, 1),
          new Timestamp(-12, 2),
          new Timestamp(13, 3),
          new Timestamp(14, 4));

  private static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofMillis(1500), Duration.ofMillis(2250), Duration.ofSeconds(3, 7));

  /** The body's bytes; all others in the buffer must stay as they were. */
  private static ByteBuffer encode(Reply reply, int expectedBytes) {
    byte[] bytes = new byte[expectedBytes + 8];
    Arrays.fill(bytes, (byte) 0xee);
    assertThat(reply.encode(MemorySegment.ofArray(bytes))).isEqualTo(expectedBytes);
    assertThat(Arrays.copyOfRange(bytes, expectedBytes, expectedBytes + 8))
        .containsOnly((byte) 0xee);
    return ByteBuffer.wrap(bytes, 0, expectedBytes).slice().order(ByteOrder.nativeOrder());
  }

  private static void assertAttributes(ByteBuffer body, int at) {
    assertThat(body.getLong(at)).isEqualTo(0x0102030405060708L);
    assertThat(body.getLong(at + 8)).isEqualTo(5000);
    assertThat(body.getLong(at + 16)).isEqualTo(9);
    assertThat(body.getLong(at + 24)).isEqualTo(11);
    assertThat(body.getLong(at + 32)).isEqualTo(-12);
    assertThat(body.getLong(at + 40)).isEqualTo(13);
    assertThat(body.getInt(at + 48)).isEqualTo(1);
    assertThat(body.getInt(at + 52)).isEqualTo(2);
    assertThat(body.getInt(at + 56)).isEqualTo(3);
    assertThat(body.getInt(at + 60)).isEqualTo(0100644);
    assertThat(body.getInt(at + 64)).isEqualTo(2);
    assertThat(body.getInt(at + 68)).isEqualTo(1000);
    assertThat(body.getInt(at + 72)).isEqualTo(100);
    assertThat(body.getInt(at + 76)).isEqualTo(0x12345678);
    assertThat(body.getInt(at + 80)).isEqualTo(65536);
    assertThat(body.getInt(at + 84)).isZero();
  }

  @Test
  void header() {
    byte[] bytes = new byte[16];
    new ReplyHeader(16, -2, 0x0807060504030201L).encode(MemorySegment.ofArray(bytes));
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("10000000feffffff0102030405060708");
  }

  @Test
  void entryOutHas128Bytes() {
    ByteBuffer body = encode(new Reply.Entry(ATTRIBUTES.ino().value(), ATTRIBUTES, LIFETIMES), 128);
    assertThat(body.getLong(0)).isEqualTo(0x0102030405060708L);
    assertThat(body.getLong(8)).isZero();
    assertThat(body.getLong(16)).isEqualTo(1);
    assertThat(body.getLong(24)).isEqualTo(2);
    assertThat(body.getInt(32)).isEqualTo(500_000_000);
    assertThat(body.getInt(36)).isEqualTo(250_000_000);
    assertAttributes(body, 40);
  }

  private static ByteBuffer entry(Ino ino, boolean submounts) {
    return encode(
        new Reply.Entry(ino.value(), ATTRIBUTES.withIno(ino), LIFETIMES.withSubmounts(submounts)), 128);
  }

  @Test
  void whatIsInASnapshotIsKeptForLongAndThatThereIsOneNotAtAll() {
    Ino root = new PastNumber(3, Ino.ROOT).encode().orElseThrow();
    Ino inside = new PastNumber(3, new Ino(77)).encode().orElseThrow();
    assertThat(entry(root, false).getLong(16)).as("name of a snapshot").isZero();
    assertThat(entry(root, false).getInt(32)).isZero();
    assertThat(entry(root, false).getLong(24)).as("its attributes").isEqualTo(3600);
    assertThat(entry(inside, false).getLong(16)).as("name in it").isEqualTo(3600);
    assertThat(entry(inside, false).getLong(24)).isEqualTo(3600);
    assertThat(entry(PastNumber.DIRECTORY, false).getLong(16)).as("where they are").isEqualTo(1);
    assertThat(entry(PastNumber.DIRECTORY, false).getLong(24)).isZero();
    assertThat(LIFETIMES.ofAbsentName(PastNumber.DIRECTORY)).isZero();
    assertThat(LIFETIMES.ofAbsentName(inside)).isEqualTo(Duration.ofHours(1));
    assertThat(LIFETIMES.ofAbsentName(Ino.ROOT)).isEqualTo(LIFETIMES.absentNames());
  }

  @Test
  void theRootOfASnapshotIsAMountToAKernelThatMakesSuchMounts() {
    Ino root = new PastNumber(3, Ino.ROOT).encode().orElseThrow();
    Ino inside = new PastNumber(3, new Ino(77)).encode().orElseThrow();
    assertThat(entry(root, true).getInt(40 + 84)).isEqualTo(Flags.ATTRIBUTES_SUBMOUNT);
    assertThat(entry(root, false).getInt(40 + 84)).isZero();
    assertThat(entry(inside, true).getInt(40 + 84)).isZero();
    assertThat(entry(PastNumber.DIRECTORY, true).getInt(40 + 84)).isZero();
    assertThat(entry(Ino.ROOT, true).getInt(40 + 84)).isZero();
  }

  @Test
  void absentEntryIsNodeZero() {
    ByteBuffer body = encode(new Reply.NoEntry(LIFETIMES.absentNames()), 128);
    assertThat(body.getLong(0)).isZero();
    assertThat(body.getLong(16)).isEqualTo(3);
    assertThat(body.getInt(32)).isEqualTo(7);
  }

  @Test
  void attrOutHas104Bytes() {
    ByteBuffer body = encode(new Reply.NodeAttributes(ATTRIBUTES, LIFETIMES), 104);
    assertThat(body.getLong(0)).isEqualTo(2);
    assertThat(body.getInt(8)).isEqualTo(250_000_000);
    assertThat(body.getInt(12)).isZero();
    assertAttributes(body, 16);
  }

  @Test
  void lkOutHas24Bytes() {
    LockConflict conflict = new LockConflict(new ByteRange(5, 9), LockMode.EXCLUSIVE, 77);
    ByteBuffer body = encode(new Reply.Lock(conflict), 24);
    assertThat(body.getLong(0)).isEqualTo(5);
    assertThat(body.getLong(8)).isEqualTo(9);
    assertThat(body.getInt(16)).isEqualTo(1);
    assertThat(body.getInt(20)).isEqualTo(77);
    assertThat(encode(new Reply.Lock(null), 24).getInt(16)).as("nothing in the way").isEqualTo(2);
  }

  @Test
  void statxOutHas288Bytes() {
    ByteBuffer body = encode(new Reply.Statx(ATTRIBUTES, LIFETIMES), 288);
    assertThat(body.getLong(0)).isEqualTo(2);
    assertThat(body.getInt(8)).isEqualTo(250_000_000);
    assertThat(body.getInt(32)).isEqualTo(0xfff);
    assertThat(body.getInt(36)).isEqualTo(65536);
    assertThat(body.getInt(48)).isEqualTo(2);
    assertThat(body.getInt(52)).isEqualTo(1000);
    assertThat(body.getInt(56)).isEqualTo(100);
    assertThat(body.getShort(60)).isEqualTo((short) 0100644);
    assertThat(body.getLong(64)).isEqualTo(0x0102030405060708L);
    assertThat(body.getLong(72)).isEqualTo(5000);
    assertThat(body.getLong(80)).isEqualTo(9);
    assertThat(body.getLong(96)).isEqualTo(11);
    assertThat(body.getInt(104)).isEqualTo(1);
    assertThat(body.getLong(112)).isEqualTo(14);
    assertThat(body.getLong(128)).isEqualTo(13);
    assertThat(body.getLong(144)).isEqualTo(-12);
    assertThat(body.getInt(160)).isEqualTo(0x456);
    assertThat(body.getInt(164)).isEqualTo(0x12378);
  }

  @Test
  void openOutAndCreate() {
    ByteBuffer open = encode(new Reply.Opened(77, Flags.OPENED_KEEP_CACHE), 16);
    assertThat(open.getLong(0)).isEqualTo(77);
    assertThat(open.getInt(8)).isEqualTo(2);
    assertThat(open.getInt(12)).isZero();
    ByteBuffer created =
        encode(
            new Reply.Created(new Reply.Entry(ATTRIBUTES.ino().value(), ATTRIBUTES, LIFETIMES), new Reply.Opened(77, 2)),
            144);
    assertAttributes(created, 40);
    assertThat(created.getLong(128)).isEqualTo(77);
  }

  @Test
  void counts() {
    assertThat(encode(new Reply.Written(4096), 8).getLong(0)).isEqualTo(4096);
    assertThat(encode(new Reply.XattrSize(12), 8).getLong(0)).isEqualTo(12);
    assertThat(encode(new Reply.Count(1L << 40), 8).getLong(0)).isEqualTo(1L << 40);
    assertThat(encode(Reply.Done.DONE, 0).remaining()).isZero();
    assertThat(encode(new Reply.Bytes(new byte[] {5, 6}), 2).get(1)).isEqualTo((byte) 6);
  }

  @Test
  void statfsOutHas80Bytes() {
    ByteBuffer body = encode(new Reply.Space(new SpaceUse(40960, 4097, 3)), 80);
    assertThat(body.getLong(0)).isEqualTo(10);
    assertThat(body.getLong(8)).isEqualTo(8);
    assertThat(body.getLong(16)).isEqualTo(8);
    assertThat(body.getLong(24)).isEqualTo(1L << 40);
    assertThat(body.getLong(32)).isEqualTo((1L << 40) - 3);
    assertThat(body.getInt(40)).isEqualTo(4096);
    assertThat(body.getInt(44)).isEqualTo(255);
    assertThat(body.getInt(48)).isEqualTo(4096);
  }

  @Test
  void initOutHas64Bytes() {
    long flags = InitFlags.MAX_PAGES | InitFlags.ALLOW_IDMAP;
    ByteBuffer body = encode(new Reply.Initialized(45, 131072, flags, 192, 1 << 20, 256), 64);
    assertThat(body.getInt(0)).isEqualTo(7);
    assertThat(body.getInt(4)).isEqualTo(45);
    assertThat(body.getInt(8)).isEqualTo(131072);
    assertThat(body.getInt(12)).isEqualTo(1 << 22);
    assertThat(body.getShort(16)).isEqualTo((short) 192);
    assertThat(body.getShort(18)).isEqualTo((short) 48);
    assertThat(body.getInt(20)).isEqualTo(1 << 20);
    assertThat(body.getInt(24)).isEqualTo(1);
    assertThat(body.getShort(28)).isEqualTo((short) 256);
    assertThat(body.getShort(30)).isZero();
    assertThat(body.getInt(32)).isEqualTo(1 << 8);
  }

  @Test
  void direntIsPaddedToEight() {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) 0xee);
    DirectoryPage page = DirectoryPage.ofNames(MemorySegment.ofArray(bytes));
    byte[] name = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThat(page.entry(name, new Ino(5), FileType.REGULAR, 9, null)).isTrue();
    assertThat(page.entry(name, new Ino(6), FileType.DIRECTORY, 10, null)).isTrue();
    assertThat(page.entry(name, new Ino(7), FileType.REGULAR, 11, null)).isFalse();
    assertThat(page.reply()).isEqualTo(new Reply.InPlace(64));
    assertThat(HexFormat.of().formatHex(bytes, 0, 32))
        .isEqualTo(
            "0500000000000000" + "0900000000000000" + "03000000" + "08000000" + "6162630000000000");
  }

  @Test
  void direntplusHasAnEntryBeforeEachDirent() {
    byte[] bytes = new byte[400];
    Arrays.fill(bytes, (byte) 0xee);
    DirectoryPage page = DirectoryPage.ofAttributes(MemorySegment.ofArray(bytes), LIFETIMES, NodeIds.FIRST);
    byte[] dot = {'.'};
    byte[] name = "12345678".getBytes(StandardCharsets.US_ASCII);
    assertThat(page.entry(dot, Ino.ROOT, FileType.DIRECTORY, 1, null)).isTrue();
    assertThat(page.entry(name, ATTRIBUTES.ino(), FileType.REGULAR, 2, ATTRIBUTES)).isTrue();
    assertThat(page.entry(dot, Ino.ROOT, FileType.DIRECTORY, 3, null)).isFalse();
    assertThat(page.reply()).isEqualTo(new Reply.InPlace(320));
    ByteBuffer body = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    assertThat(body.getLong(0)).as("no node for .").isZero();
    assertThat(body.getLong(128)).isEqualTo(1);
    assertThat(body.getLong(160)).isEqualTo(0x0102030405060708L);
    assertAttributes(body, 160 + 40);
    assertThat(body.getInt(160 + 128 + 16)).isEqualTo(8);
  }

  @Test
  void notifications() {
    Notification inode = new Notification.InvalidateInode(5, -1, 7);
    byte[] bytes = new byte[inode.length()];
    inode.encode(MemorySegment.ofArray(bytes));
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "28000000"
                + "02000000"
                + "0000000000000000"
                + "0500000000000000"
                + "ffffffffffffffff"
                + "0700000000000000");
    Notification entry = new Notification.InvalidateEntry(5, FileName.of("ab"));
    bytes = new byte[entry.length()];
    entry.encode(MemorySegment.ofArray(bytes));
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "23000000"
                + "03000000"
                + "0000000000000000"
                + "0500000000000000"
                + "02000000"
                + "00000000"
                + "616200");
    Notification epoch = new Notification.NextEpoch();
    bytes = new byte[epoch.length()];
    epoch.encode(MemorySegment.ofArray(bytes));
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("10000000" + "08000000" + "0000000000000000");
  }
}
