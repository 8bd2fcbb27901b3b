package io.strata.fuse.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Timestamp;
import io.strata.fuse.fake.RequestBytes;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Requests as bytes, laid out by hand after the kernel's header. */
class RequestDecoderTest {
  private static RequestBytes request(Opcode opcode) {
    return new RequestBytes(opcode.number(), 6, 9);
  }

  private static Request decode(RequestBytes bytes) throws Exception {
    return decode(bytes, true);
  }

  private static Request decode(RequestBytes bytes, boolean longSetxattr) throws Exception {
    MemorySegment message = bytes.toSegment();
    Request request =
        new RequestDecoder(longSetxattr).decode(RequestHeader.decode(message), message);
    return Objects.requireNonNull(request);
  }

  @Test
  void headerHasFortyBytes() throws Exception {
    byte[] golden =
        HexFormat.ofDelimiter(" ")
            .parseHex(
                "2a 00 00 00 01 00 00 00 08 07 06 05 04 03 02 01 09 00 00 00 00 00 00 00 "
                    + "e8 03 00 00 64 00 00 00 4d 00 00 00 02 00 00 00 61 00");
    assertThat(RequestHeader.decode(MemorySegment.ofArray(golden)))
        .isEqualTo(new RequestHeader(42, 1, 0x0102030405060708L, 9, 1000, 100, 77, 16));
  }

  @Test
  void lookup() throws Exception {
    assertThat(decode(request(Opcode.LOOKUP).string("name")))
        .isEqualTo(new EntryRequest.Lookup(FileName.of("name")));
    assertThat(decode(request(Opcode.LOOKUP).string("."))).isEqualTo(new EntryRequest.LookupSelf());
    assertThat(decode(request(Opcode.LOOKUP).string("..")))
        .isEqualTo(new EntryRequest.LookupParent());
  }

  @Test
  void makingNames() throws Exception {
    assertThat(decode(request(Opcode.MKNOD).u32(0060644).u32(0x803).u32(022).u32(0).string("b")))
        .isEqualTo(new EntryRequest.MakeNode(FileName.of("b"), 0060644, 0x803, 022));
    assertThat(decode(request(Opcode.MKDIR).u32(0755).u32(027).string("d")))
        .isEqualTo(new EntryRequest.MakeDirectory(FileName.of("d"), 0755, 027));
    assertThat(decode(request(Opcode.SYMLINK).string("l").string("to/there")))
        .isInstanceOfSatisfying(
            EntryRequest.Symlink.class,
            link -> {
              assertThat(link.name()).isEqualTo(FileName.of("l"));
              assertThat(link.target()).asString().isEqualTo("to/there");
            });
    assertThat(decode(request(Opcode.LINK).u64(5).string("h")))
        .isEqualTo(new EntryRequest.Link(5, FileName.of("h")));
    assertThat(decode(request(Opcode.CREATE).u32(0x8241).u32(0100644).u32(022).u32(1).string("c")))
        .isEqualTo(new EntryRequest.Create(FileName.of("c"), 0x8241, 0100644, 022));
    assertThat(decode(request(Opcode.TMPFILE).u32(2).u32(0100600).u32(0).u32(0).string("/")))
        .isEqualTo(new EntryRequest.CreateUnnamed(2, 0100600, 0));
  }

  @Test
  void changingNames() throws Exception {
    FileName a = FileName.of("a");
    FileName b = FileName.of("b");
    assertThat(decode(request(Opcode.UNLINK).string("a"))).isEqualTo(new EntryRequest.Unlink(a));
    assertThat(decode(request(Opcode.RMDIR).string("a")))
        .isEqualTo(new EntryRequest.RemoveDirectory(a));
    assertThat(decode(request(Opcode.RENAME).u64(3).string("a").string("b")))
        .isEqualTo(new EntryRequest.Rename(a, 3, b, 0));
    assertThat(decode(request(Opcode.RENAME2).u64(3).u32(2).u32(0).string("a").string("b")))
        .isEqualTo(new EntryRequest.Rename(a, 3, b, Flags.RENAME_EXCHANGE));
  }

  @Test
  void setattrHas88Bytes() throws Exception {
    RequestBytes set =
        request(Opcode.SETATTR)
            .u32(Flags.SET_SIZE | Flags.SET_HANDLE | Flags.SET_MTIME | Flags.SET_MODE)
            .u32(0)
            .u64(4) // fh
            .u64(1234) // size
            .u64(99) // lock_owner
            .u64(10) // atime
            .u64(-20) // mtime
            .u64(30) // ctime
            .u32(1_000_000_000) // atimensec, not valid and not asked for
            .u32(2)
            .u32(3)
            .u32(0100600)
            .u32(0)
            .u32(7)
            .u32(8)
            .u32(0);
    assertThat(set.toBytes()).hasSize(40 + 88);
    assertThat(decode(set))
        .isEqualTo(
            new NodeRequest.SetAttributes(
                Flags.SET_SIZE | Flags.SET_HANDLE | Flags.SET_MTIME | Flags.SET_MODE,
                4,
                0100600,
                7,
                8,
                1234,
                new Timestamp(0, 0),
                new Timestamp(-20, 2),
                new Timestamp(0, 0)));
  }

  @Test
  void nodes() throws Exception {
    assertThat(decode(request(Opcode.GETATTR).u32(1).u32(0).u64(4)))
        .isEqualTo(new NodeRequest.GetAttributes(4));
    assertThat(decode(request(Opcode.GETATTR).u32(0).u32(0).u64(4)))
        .isEqualTo(new NodeRequest.GetAttributes(0));
    assertThat(decode(request(Opcode.STATX).u32(0).u32(0).u64(0).u32(0).u32(0xfff)))
        .isEqualTo(new NodeRequest.GetStatx());
    assertThat(decode(request(Opcode.READLINK))).isEqualTo(new NodeRequest.ReadLink());
    assertThat(decode(request(Opcode.ACCESS).u32(4).u32(0))).isEqualTo(new NodeRequest.Access(4));
    assertThat(decode(request(Opcode.STATFS))).isEqualTo(new NodeRequest.StatFs());
  }

  private static RequestBytes lock(Opcode opcode, long first, long last, int type, int flags) {
    return request(opcode)
        .u64(4)
        .u64(-5)
        .u64(first)
        .u64(last)
        .u32(type)
        .u32(77)
        .u32(flags)
        .u32(0);
  }

  @Test
  void locks() throws Exception {
    ByteRange range = new ByteRange(1, 9);
    assertThat(decode(lock(Opcode.GETLK, 1, 9, 0, 0)))
        .isEqualTo(new LockRequest.GetLock(4, -5, LockKind.POSIX, range, LockMode.SHARED));
    assertThat(decode(lock(Opcode.SETLK, 1, 9, 1, 0)))
        .isEqualTo(
            new LockRequest.SetLock(
                4, -5, LockKind.POSIX, range, LockMode.EXCLUSIVE, 77, false));
    assertThat(decode(lock(Opcode.SETLKW, 0, Long.MAX_VALUE, 1, 1)))
        .isEqualTo(
            new LockRequest.SetLock(
                4, -5, LockKind.FLOCK, ByteRange.ALL, LockMode.EXCLUSIVE, 77, true));
    assertThat(decode(lock(Opcode.SETLKW, 1, 9, 2, 0)))
        .isEqualTo(new LockRequest.Unlock(4, -5, LockKind.POSIX, range));
    for (RequestBytes wrong :
        List.of(
            lock(Opcode.GETLK, 1, 9, 2, 0),
            lock(Opcode.SETLK, 1, 9, 3, 0),
            lock(Opcode.SETLK, 9, 1, 0, 0),
            lock(Opcode.SETLK, 0, -1, 0, 0),
            lock(Opcode.SETLK, -1, 5, 0, 0))) {
      assertThatThrownBy(() -> decode(wrong)).isInstanceOf(MalformedRequest.class);
    }
  }

  @Test
  void openFiles() throws Exception {
    assertThat(decode(request(Opcode.OPEN).u32(0x8002).u32(1)))
        .isEqualTo(new FileRequest.Open(0x8002, 1));
    assertThat(decode(request(Opcode.READ).u64(4).u64(8192).u32(4096).u32(0).u64(0).u32(2).u32(0)))
        .isEqualTo(new FileRequest.Read(4, 8192, 4096));
    assertThat(decode(request(Opcode.FLUSH).u64(4).u32(0).u32(0).u64(1)))
        .isEqualTo(new FileRequest.Flush(4, 1));
    assertThat(decode(request(Opcode.RELEASE).u64(4).u32(0).u32(0).u64(1)))
        .isEqualTo(new FileRequest.Release(4));
    assertThat(decode(request(Opcode.FSYNC).u64(4).u32(1).u32(0)))
        .isEqualTo(new FileRequest.Sync(4, true));
    assertThat(decode(request(Opcode.FALLOCATE).u64(4).u64(1).u64(2).u32(3).u32(0)))
        .isEqualTo(new FileRequest.Allocate(4, 1, 2, 3));
    assertThat(decode(request(Opcode.LSEEK).u64(4).u64(1).u32(3).u32(0)))
        .isEqualTo(new FileRequest.Seek(4, 1, 3));
  }

  @Test
  void writeHas40BytesThenItsData() throws Exception {
    RequestBytes write =
        request(Opcode.WRITE)
            .u64(4)
            .u64(8192)
            .u32(3)
            .u32(Flags.WRITE_FROM_CACHE)
            .u64(0)
            .u32(1)
            .u32(0)
            .bytes(new byte[] {1, 2, 3});
    assertThat(decode(write))
        .isInstanceOfSatisfying(
            FileRequest.Write.class,
            decoded -> {
              assertThat(decoded.handle()).isEqualTo(4);
              assertThat(decoded.offset()).isEqualTo(8192);
              assertThat(decoded.writeFlags()).isEqualTo(Flags.WRITE_FROM_CACHE);
              assertThat(decoded.flags()).isEqualTo(1);
              assertThat(decoded.data().toArray(Wire.U8)).containsExactly(1, 2, 3);
            });
  }

  @Test
  void copyRangeInBothWidths() throws Exception {
    for (Opcode opcode : new Opcode[] {Opcode.COPY_FILE_RANGE, Opcode.COPY_FILE_RANGE_64}) {
      RequestBytes copy = request(opcode).u64(4).u64(100).u64(11).u64(5).u64(200).u64(300).u64(0);
      assertThat(decode(copy))
          .isEqualTo(
              new FileRequest.CopyRange(
                  4, 100, 11, 5, 200, 300, opcode == Opcode.COPY_FILE_RANGE_64));
    }
  }

  @Test
  void directories() throws Exception {
    assertThat(decode(request(Opcode.OPENDIR).u32(0x18800).u32(0)))
        .isEqualTo(new DirectoryRequest.OpenDirectory());
    assertThat(decode(request(Opcode.READDIR).u64(4).u64(17).u32(4096).u32(0).u64(0).u32(0).u32(0)))
        .isEqualTo(new DirectoryRequest.ReadDirectory(4, 17, 4096, false));
    assertThat(
            decode(
                request(Opcode.READDIRPLUS).u64(4).u64(17).u32(4096).u32(0).u64(0).u32(0).u32(0)))
        .isEqualTo(new DirectoryRequest.ReadDirectory(4, 17, 4096, true));
    assertThat(decode(request(Opcode.RELEASEDIR).u64(4).u32(0).u32(0).u64(0)))
        .isEqualTo(new DirectoryRequest.ReleaseDirectory(4));
    assertThat(decode(request(Opcode.FSYNCDIR).u64(4).u32(0).u32(0)))
        .isEqualTo(new DirectoryRequest.SyncDirectory(4));
  }

  @Test
  void extendedAttributes() throws Exception {
    assertThat(decode(request(Opcode.GETXATTR).u32(255).u32(0).string("user.a")))
        .isInstanceOfSatisfying(
            XattrRequest.Get.class,
            get -> {
              assertThat(get.name()).asString().isEqualTo("user.a");
              assertThat(get.size()).isEqualTo(255);
            });
    assertThat(decode(request(Opcode.LISTXATTR).u32(64).u32(0)))
        .isEqualTo(new XattrRequest.ListNames(64));
    assertThat(decode(request(Opcode.REMOVEXATTR).string("user.a")))
        .isInstanceOf(XattrRequest.Remove.class);
  }

  @Test
  void setxattrHasALongFormSinceMinor33() throws Exception {
    byte[] value = {1, 0, 2};
    RequestBytes longForm =
        request(Opcode.SETXATTR).u32(3).u32(1).u32(0).u32(0).string("user.a").bytes(value);
    RequestBytes shortForm = request(Opcode.SETXATTR).u32(3).u32(1).string("user.a").bytes(value);
    for (Request decoded : new Request[] {decode(longForm, true), decode(shortForm, false)}) {
      assertThat(decoded)
          .isInstanceOfSatisfying(
              XattrRequest.Put.class,
              put -> {
                assertThat(put.name()).asString().isEqualTo("user.a");
                assertThat(put.value()).containsExactly(1, 0, 2);
                assertThat(put.flags()).isEqualTo(1);
              });
    }
  }

  @Test
  void initHas16BytesAnd64SinceMinor36() throws Exception {
    assertThat(decode(request(Opcode.INIT).u32(7).u32(31).u32(131072).u32(1 << 31)))
        .isEqualTo(new SessionRequest.Init(7, 31, 131072, 1L << 31));
    RequestBytes extended =
        request(Opcode.INIT).u32(7).u32(45).u32(131072).u32(1 << 30).u32(3).bytes(new byte[44]);
    assertThat(extended.toBytes()).hasSize(40 + 64);
    assertThat(decode(extended))
        .isEqualTo(new SessionRequest.Init(7, 45, 131072, 3L << 32 | 1 << 30));
  }

  @Test
  void connection() throws Exception {
    assertThat(decode(request(Opcode.DESTROY))).isEqualTo(new SessionRequest.Destroy());
    assertThat(decode(request(Opcode.FORGET).u64(3))).isEqualTo(new SessionRequest.Forget());
    RequestBytes several = request(Opcode.BATCH_FORGET).u32(2).u32(0).u64(5).u64(1).u64(6).u64(2);
    assertThat(decode(several))
        .isInstanceOfSatisfying(
            SessionRequest.ForgetSeveral.class,
            forget -> assertThat(forget.nodes()).containsExactly(5, 6));
    assertThatThrownBy(
            () -> decode(request(Opcode.BATCH_FORGET).u32(1 << 30).u32(0).u64(5).u64(1)))
        .isInstanceOf(MalformedRequest.class);
    assertThat(decode(request(Opcode.INTERRUPT).u64(44)))
        .isEqualTo(new SessionRequest.Interrupt(44));
    assertThat(decode(request(Opcode.SYNCFS).u64(0))).isEqualTo(new SessionRequest.SyncAll());
    assertThat(decode(request(Opcode.POLL).bytes(new byte[24])))
        .isEqualTo(new Request.Unsupported(Opcode.POLL));
  }

  @Test
  void extensionsAtTheEndAreNotArguments() throws Exception {
    assertThat(decode(request(Opcode.UNLINK).string("a").bytes(new byte[16]).extensionWords(2)))
        .isEqualTo(new EntryRequest.Unlink(FileName.of("a")));
    assertThatThrownBy(() -> decode(request(Opcode.UNLINK).string("abcdefg").extensionWords(1)))
        .isInstanceOf(MalformedRequest.class);
    assertThatThrownBy(() -> decode(request(Opcode.READLINK).extensionWords(0xffff)))
        .isInstanceOf(MalformedRequest.class);
  }

  @Test
  void unknownOpcodesAreNoErrors() throws Exception {
    for (int opcode : new int[] {0, 7, 19, 54, 4096, -1, Integer.MIN_VALUE}) {
      MemorySegment message = new RequestBytes(opcode, 6, 9).toSegment();
      assertThat(new RequestDecoder(true).decode(RequestHeader.decode(message), message)).isNull();
    }
  }

  @Test
  void longNamesHaveTheirErrno() {
    assertThatThrownBy(() -> decode(request(Opcode.LOOKUP).string("n".repeat(256))))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
  }

  @Test
  void nonsenseIsMalformed() {
    for (RequestBytes bytes :
        new RequestBytes[] {
          request(Opcode.LOOKUP).bytes(new byte[] {'a'}),
          request(Opcode.LOOKUP).string(""),
          request(Opcode.MKDIR).u32(0).u32(0).string(".."),
          request(Opcode.UNLINK).string("a/b"),
          request(Opcode.READ).u64(1).u64(-1).u32(1),
          request(Opcode.READ).u64(1).u64(0).u32(-1),
          request(Opcode.READ).u64(1).u64(0),
          request(Opcode.WRITE).u64(4).u64(0).u32(9).u32(0).u64(0).u32(1).u32(0).u64(0),
          request(Opcode.SETXATTR).u32(9).u32(0).u32(0).u32(0).string("user.a").u64(0),
        }) {
      assertThatThrownBy(() -> decode(bytes)).isInstanceOf(MalformedRequest.class);
    }
  }

  @Test
  void aWrongLengthIsMalformed() {
    byte[] message = request(Opcode.READLINK).toBytes();
    message[0]++;
    MemorySegment segment = MemorySegment.ofArray(message);
    assertThatThrownBy(
            () -> new RequestDecoder(true).decode(RequestHeader.decode(segment), segment))
        .isInstanceOf(MalformedRequest.class)
        .hasMessageContaining("41 bytes, has 40");
  }
}
