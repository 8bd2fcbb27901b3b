package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.abi.Notification;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.FakeKernel;
import io.strata.fuse.fake.FakeKernel.Answer;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.RequestBytes;
import io.strata.platform.SystemPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A session asked by a kernel in memory. */
class FuseSessionTest {
  private static final int O_RDWR = 2;
  private static final int O_WRONLY = 1;
  private static final int O_APPEND = 02000;

  private final MemFileSystem fileSystem = new MemFileSystem();
  private final List<Notification> notifications = new ArrayList<>();

  private FuseSession session(SessionOptions options, @Nullable Notifier notifier) {
    return new FuseSession(fileSystem, options, SystemPlatform.create(), notifier);
  }

  private FakeKernel kernel(SessionOptions options) {
    FakeKernel kernel = new FakeKernel(session(options, notifications::add));
    assertThat(kernel.init().error()).isZero();
    return kernel;
  }

  private FakeKernel kernel() {
    return kernel(SessionOptions.standard());
  }

  private static RequestBytes create(FakeKernel kernel, String name, int flags) {
    return kernel.request(Opcode.CREATE, 1).u32(flags).u32(0100666).u32(022).u32(0).string(name);
  }

  private static RequestBytes write(FakeKernel kernel, long handle, long offset, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    return writeHeader(kernel, handle, offset, data.length, 0, 0).bytes(data);
  }

  private static RequestBytes writeHeader(
      FakeKernel kernel, long handle, long offset, int size, int writeFlags, int flags) {
    return kernel
        .request(Opcode.WRITE, 2)
        .u64(handle)
        .u64(offset)
        .u32(size)
        .u32(writeFlags)
        .u64(0)
        .u32(flags)
        .u32(0);
  }

  private static String read(FakeKernel kernel, long handle, long offset, int size) {
    Answer answer =
        kernel.call(
            kernel
                .request(Opcode.READ, 2)
                .u64(handle)
                .u64(offset)
                .u32(size)
                .u32(0)
                .u64(0)
                .u32(0)
                .u32(0));
    assertThat(answer.error()).isZero();
    return StandardCharsets.UTF_8.decode(answer.body()).toString();
  }

  private static int error(FakeKernel kernel, RequestBytes request) {
    return -kernel.call(request).error();
  }

  @Test
  void agreesWithTheNewestKernel() {
    FuseSession session = session(SessionOptions.standard(), null);
    Answer answer = new FakeKernel(session).init();
    assertThat(answer.body().getInt(4)).isEqualTo(45);
    assertThat(answer.body().getInt(20)).as("max_write").isEqualTo(1 << 20);
    assertThat(answer.body().getShort(28)).as("max_pages").isEqualTo((short) 256);
    Negotiated negotiated = session.initialized().join();
    assertThat(negotiated.writebackCache()).isTrue();
    assertThat(negotiated.has(InitFlags.EXPORT_SUPPORT)).isTrue();
    for (long unwanted :
        new long[] {
          InitFlags.POSIX_LOCKS,
          InitFlags.FLOCK_LOCKS,
          InitFlags.NO_OPEN_SUPPORT,
          InitFlags.POSIX_ACL,
          InitFlags.AUTO_INVAL_DATA,
          InitFlags.SECURITY_CTX,
          InitFlags.NO_EXPORT_SUPPORT
        }) {
      assertThat(negotiated.has(unwanted)).isFalse();
    }
  }

  @Test
  void agreesWithOlderKernelsOnWhatTheyHave() {
    FuseSession session = session(SessionOptions.standard(), null);
    long offered = InitFlags.ASYNC_READ | InitFlags.MAX_PAGES | InitFlags.POSIX_LOCKS;
    assertThat(new FakeKernel(session).init(7, 31, offered).error()).isZero();
    Negotiated negotiated = session.initialized().join();
    assertThat(negotiated.minor()).isEqualTo(31);
    assertThat(negotiated.flags()).isEqualTo(InitFlags.ASYNC_READ | InitFlags.MAX_PAGES);
  }

  @Test
  void refusesKernelsThatAreTooOld() {
    FuseSession session = session(SessionOptions.standard(), null);
    assertThat(new FakeKernel(session).init(7, 30, 0).error()).isEqualTo(-71);
    assertThat(session.initialized()).isCompletedExceptionally();
  }

  @Test
  void asksANewerMajorVersionToComeDown() {
    FuseSession session = session(SessionOptions.standard(), null);
    FakeKernel kernel = new FakeKernel(session);
    assertThat(kernel.init(8, 0, 0).body().getInt(0)).isEqualTo(7);
    assertThat(session.initialized()).isNotDone();
    assertThat(kernel.init().error()).isZero();
    assertThat(session.initialized()).isCompleted();
  }

  @Test
  void nothingIsAnsweredBeforeInit() {
    FakeKernel kernel = new FakeKernel(session(SessionOptions.standard(), null));
    assertThat(error(kernel, kernel.request(Opcode.STATFS, 1))).isEqualTo(Errno.EIO.number());
  }

  @Test
  void everythingIsAnsweredAsSoonAsInitIs() {
    FakeKernel kernel = new FakeKernel(session(SessionOptions.standard(), null));
    assertThat(kernel.initAndAtOnce(kernel.request(Opcode.STATFS, 1)).error()).isZero();
  }

  @Test
  void writesAndReads() {
    FakeKernel kernel = kernel();
    Answer created = kernel.call(create(kernel, "a", O_RDWR));
    assertThat(created.body().getLong(0)).as("node").isEqualTo(2);
    assertThat(created.body().getInt(40 + 60)).as("mode").isEqualTo(0100644);
    assertThat(created.body().getInt(40 + 68)).as("uid").isEqualTo(1000);
    long handle = created.body().getLong(128);
    Answer written = kernel.call(write(kernel, handle, 3, "hello"));
    assertThat(written.body().getInt(0)).isEqualTo(5);
    assertThat(read(kernel, handle, 0, 4096)).isEqualTo("\0\0\0hello");
    assertThat(read(kernel, handle, 4, 2)).isEqualTo("el");
    assertThat(kernel.call(kernel.request(Opcode.RELEASE, 2).u64(handle).u64(0).u64(0)).error())
        .isZero();
    assertThat(fileSystem.openHandles()).isZero();
  }

  @Test
  void absentNamesAreRememberedOrNot() {
    FakeKernel kernel = kernel();
    Answer absent = kernel.call(kernel.request(Opcode.LOOKUP, 1).string("no"));
    assertThat(absent.error()).isZero();
    assertThat(absent.body().getLong(0)).isZero();
    assertThat(absent.body().getLong(16)).isEqualTo(3600);

    Duration second = Duration.ofSeconds(1);
    FakeKernel forgetful =
        kernel(
            SessionOptions.standard().withLifetimes(new Lifetimes(second, second, Duration.ZERO)));
    assertThat(error(forgetful, forgetful.request(Opcode.LOOKUP, 1).string("no")))
        .isEqualTo(Errno.ENOENT.number());
  }

  @Test
  void findsNodesByNumberAlone() {
    FakeKernel kernel = kernel();
    kernel.call(kernel.request(Opcode.MKDIR, 1).u32(0755).u32(0).string("d"));
    assertThat(kernel.call(kernel.request(Opcode.LOOKUP, 2).string(".")).body().getLong(0))
        .isEqualTo(2);
    assertThat(kernel.call(kernel.request(Opcode.LOOKUP, 2).string("..")).body().getLong(0))
        .isEqualTo(1);
    assertThat(error(kernel, kernel.request(Opcode.LOOKUP, 99).string(".")))
        .isEqualTo(Errno.ESTALE.number());
    assertThat(error(kernel, kernel.request(Opcode.GETATTR, 0).u64(0).u64(0)))
        .isEqualTo(Errno.ESTALE.number());
  }

  @Test
  void whatIsNotOfferedHasItsErrno() {
    FakeKernel kernel = kernel();
    assertThat(error(kernel, new RequestBytes(4000, 8, 1))).isEqualTo(Errno.ENOSYS.number());
    assertThat(error(kernel, kernel.request(Opcode.POLL, 1).bytes(new byte[24])))
        .isEqualTo(Errno.ENOSYS.number());
    assertThat(error(kernel, kernel.request(Opcode.IOCTL, 1).bytes(new byte[32])))
        .isEqualTo(Errno.ENOTTY.number());
    assertThat(error(kernel, kernel.request(Opcode.ACCESS, 1).u32(4).u32(0)))
        .isEqualTo(Errno.ENOSYS.number());
    assertThat(error(kernel, kernel.request(Opcode.FLUSH, 1).u64(1).u64(0).u64(0)))
        .isEqualTo(Errno.ENOSYS.number());
    assertThat(
            error(
                kernel,
                kernel.request(Opcode.RENAME2, 1).u64(1).u32(4).u32(0).string("a").string("b")))
        .as("whiteout")
        .isEqualTo(Errno.EINVAL.number());
  }

  @Test
  void malformedRequestsAreAnsweredIfAnyoneWaits() {
    FuseSession session = session(SessionOptions.standard(), null);
    FakeKernel kernel = new FakeKernel(session);
    kernel.init();
    assertThat(error(kernel, kernel.request(Opcode.OPEN, 1).u32(0)))
        .isEqualTo(Errno.EINVAL.number());
    assertThat(kernel.send(kernel.request(Opcode.INTERRUPT, 0).u32(1).toBytes())).isCompleted();
    assertThat(kernel.send(new byte[39])).isCompletedWithValue(null);
    assertThat(kernel.send(new byte[0])).isCompletedWithValue(null);
    assertThat(session.stats().malformed()).isEqualTo(4);
  }

  @Test
  void forgettingNeedsNoAnswer() {
    FakeKernel kernel = kernel();
    assertThat(kernel.send(kernel.request(Opcode.FORGET, 2).u64(1).toBytes()))
        .isCompletedWithValue(null);
    assertThat(
            kernel.send(
                kernel.request(Opcode.BATCH_FORGET, 0).u32(1).u32(0).u64(2).u64(1).toBytes()))
        .isCompletedWithValue(null);
  }

  @Test
  void whatTheKernelDidNotLearnToBeOpenIsReleased() {
    FakeKernel kernel = kernel();
    kernel.send(create(kernel, "a", O_RDWR).toBytes(), 4096, false).join();
    assertThat(fileSystem.openHandles()).isZero();
    kernel.send(kernel.request(Opcode.OPEN, 2).u32(O_RDWR).u32(0).toBytes(), 4096, false).join();
    assertThat(fileSystem.openHandles()).isZero();
    kernel.send(kernel.request(Opcode.OPENDIR, 1).u32(0).u32(0).toBytes(), 4096, false).join();
    assertThat(fileSystem.openHandles()).isZero();
  }

  @Test
  void tooLittleRoomForAReplyIsAnError() {
    FakeKernel kernel = kernel();
    Answer answer = kernel.send(create(kernel, "a", O_RDWR).toBytes(), 100, true).join();
    assertThat(answer).extracting(Answer::error).isEqualTo(-Errno.EIO.number());
    assertThat(fileSystem.openHandles()).isZero();
    assertThat(kernel.send(kernel.request(Opcode.STATFS, 1).toBytes(), 15, true))
        .isCompletedWithValue(null);
  }

  @Test
  void withWritebackCacheHandlesCanAlwaysBeRead() {
    FakeKernel kernel = kernel();
    long handle = kernel.call(create(kernel, "a", O_WRONLY | O_APPEND)).body().getLong(128);
    kernel.call(
        writeHeader(kernel, handle, 4, 2, Flags.WRITE_FROM_CACHE, O_APPEND)
            .bytes(new byte[] {'h', 'i'}));
    assertThat(read(kernel, handle, 0, 100)).isEqualTo("\0\0\0\0hi");
  }

  @Test
  void withoutWritebackCacheAppendsGoToTheEnd() {
    FakeKernel kernel = kernel(SessionOptions.standard().withWritebackCache(false));
    long handle = kernel.call(create(kernel, "a", O_RDWR | O_APPEND)).body().getLong(128);
    for (int i = 0; i < 2; i++) {
      kernel.call(writeHeader(kernel, handle, 0, 2, 0, O_APPEND).bytes(new byte[] {'h', 'i'}));
    }
    assertThat(read(kernel, handle, 0, 100)).isEqualTo("hihi");
  }

  @Test
  void holesAreAskedForOnlyAfterTheKernelHasWritten() {
    FakeKernel kernel = kernel();
    long handle = kernel.call(create(kernel, "a", O_RDWR)).body().getLong(128);
    kernel.call(write(kernel, handle, 8192, "x"));
    RequestBytes seek = kernel.request(Opcode.LSEEK, 2).u64(handle).u64(0).u32(3).u32(0);
    assertThat(kernel.call(seek).body().getLong(0)).isEqualTo(8192);
    assertThat(notifications).hasSize(1);

    FakeKernel mute = new FakeKernel(session(SessionOptions.standard(), null));
    mute.init();
    long other = mute.call(mute.request(Opcode.OPEN, 2).u32(O_RDWR).u32(0)).body().getLong(0);
    assertThat(error(mute, mute.request(Opcode.LSEEK, 2).u64(other).u64(0).u32(3).u32(0)))
        .isEqualTo(Errno.ENOSYS.number());
  }

  @Test
  void truncatingOpenClearsSetIdBits() {
    FakeKernel kernel = kernel();
    long handle = kernel.call(create(kernel, "a", O_RDWR)).body().getLong(128);
    kernel.call(write(kernel, handle, 0, "text"));
    kernel.call(setMode(kernel, 04755));
    Answer opened =
        kernel.call(
            kernel.request(Opcode.OPEN, 2).u32(O_RDWR | 01000).u32(Flags.OPEN_KILL_SUIDGID));
    assertThat(opened.error()).isZero();
    Answer attributes = kernel.call(kernel.request(Opcode.GETATTR, 2).u64(0).u64(0));
    assertThat(attributes.body().getInt(16 + 60)).isEqualTo(0100755);
    assertThat(attributes.body().getLong(16 + 8)).isZero();
  }

  private static RequestBytes setMode(FakeKernel kernel, int mode) {
    return kernel
        .request(Opcode.SETATTR, 2)
        .u32(Flags.SET_MODE)
        .bytes(new byte[64])
        .u32(mode)
        .bytes(new byte[16]);
  }

  /** Or syncfs(2) would tell of the error for ever after. */
  @Test
  void timesOfARemovedFileMayStillBeWrittenBack() {
    FakeKernel kernel = kernel();
    int keptTimes = Flags.SET_MTIME | Flags.SET_CTIME;
    long gone = 1L << 40;

    assertThat(kernel.call(setAttributes(kernel, gone, keptTimes)).error()).isZero();
    assertThat(kernel.call(setAttributes(kernel, gone, keptTimes | Flags.SET_MODE)).error())
        .isEqualTo(-Errno.ESTALE.number());
  }

  private static RequestBytes setAttributes(FakeKernel kernel, long node, int valid) {
    return kernel.request(Opcode.SETATTR, node).u32(valid).bytes(new byte[84]);
  }

  @Test
  void directoriesAreReadPageByPage() {
    FakeKernel kernel = kernel();
    for (int i = 0; i < 100; i++) {
      kernel.call(create(kernel, "file" + i, O_RDWR));
    }
    long handle = kernel.call(kernel.request(Opcode.OPENDIR, 1).u32(0).u32(0)).body().getLong(0);
    List<String> names = new ArrayList<>();
    long cookie = 0;
    boolean more = true;
    while (more) {
      Answer page =
          kernel.call(
              kernel
                  .request(Opcode.READDIR, 1)
                  .u64(handle)
                  .u64(cookie)
                  .u32(512)
                  .bytes(new byte[20]));
      assertThat(page.body().remaining()).isLessThanOrEqualTo(512);
      more = page.body().hasRemaining();
      while (page.body().hasRemaining()) {
        page.body().getLong();
        cookie = page.body().getLong();
        byte[] name = new byte[page.body().getInt()];
        page.body().getInt();
        page.body().get(name);
        page.body().position(page.body().position() + 7 & ~7);
        names.add(new String(name, StandardCharsets.UTF_8));
      }
    }
    assertThat(names).hasSize(102).startsWith(".", "..").doesNotHaveDuplicates();
  }

  @Test
  void extendedAttributesTellTheirSizeFirst() {
    FakeKernel kernel = kernel();
    byte[] value = {1, 2, 3};
    kernel.call(
        kernel.request(Opcode.SETXATTR, 1).u32(3).u32(0).u64(0).string("user.a").bytes(value));
    assertThat(get(kernel, "user.a", 0).body().getInt(0)).isEqualTo(3);
    assertThat(get(kernel, "user.a", 3).body().remaining()).isEqualTo(3);
    assertThat(get(kernel, "user.a", 2).error()).isEqualTo(-Errno.ERANGE.number());
    assertThat(get(kernel, "user.b", 2).error()).isEqualTo(-Errno.ENODATA.number());
    assertThat(get(kernel, "system.posix_acl_access", 0).error())
        .isEqualTo(-Errno.EOPNOTSUPP.number());
    Answer list = kernel.call(kernel.request(Opcode.LISTXATTR, 1).u32(100).u32(0));
    assertThat(StandardCharsets.UTF_8.decode(list.body()).toString()).isEqualTo("user.a\0");

    FakeKernel without = kernel(SessionOptions.standard().withExtendedAttributes(false));
    assertThat(get(without, "user.a", 0).error()).isEqualTo(-Errno.ENOSYS.number());
  }

  private static Answer get(FakeKernel kernel, String name, int size) {
    return kernel.call(kernel.request(Opcode.GETXATTR, 1).u32(size).u32(0).string(name));
  }

  @Test
  void everySyncIsOne() {
    FakeKernel kernel = kernel();
    long file = kernel.call(create(kernel, "a", O_RDWR)).body().getLong(128);
    kernel.call(kernel.request(Opcode.FSYNC, 2).u64(file).u32(0).u32(0));
    long directory =
        kernel.call(kernel.request(Opcode.OPENDIR, 1).u32(0).u32(0)).body().getLong(0);
    kernel.call(kernel.request(Opcode.FSYNCDIR, 1).u64(directory).u32(0).u32(0));
    kernel.call(kernel.request(Opcode.SYNCFS, 1).u64(0));
    assertThat(fileSystem.syncs).hasValue(3);
  }

  @Test
  void countsWhatItDid() {
    FuseSession session = session(SessionOptions.standard(), null);
    FakeKernel kernel = new FakeKernel(session);
    kernel.init();
    kernel.call(kernel.request(Opcode.STATFS, 1));
    kernel.call(kernel.request(Opcode.GETATTR, 99).u64(0).u64(0));
    List<OperationStats> operations = session.stats().operations();
    assertThat(operations)
        .extracting(OperationStats::opcode, OperationStats::count, OperationStats::errors)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(Opcode.INIT, 1L, 0L),
            org.assertj.core.groups.Tuple.tuple(Opcode.STATFS, 1L, 0L),
            org.assertj.core.groups.Tuple.tuple(Opcode.GETATTR, 1L, 1L));
    assertThat(operations)
        .allSatisfy(
            operation -> {
              assertThat(operation.p50Nanos()).isPositive();
              assertThat(operation.p99Nanos()).isLessThanOrEqualTo(operation.maxNanos());
            });
  }

  @Test
  void theEndReleasesWhatIsOpen() throws InterruptedException {
    FuseSession session = session(SessionOptions.standard(), null);
    FakeKernel kernel = new FakeKernel(session);
    kernel.init();
    kernel.call(create(kernel, "a", O_RDWR));
    kernel.call(kernel.request(Opcode.OPENDIR, 1).u32(0).u32(0));
    assertThat(fileSystem.openHandles()).isEqualTo(2);
    assertThat(session.close(Duration.ofSeconds(5))).isTrue();
    assertThat(fileSystem.openHandles()).isZero();
    assertThat(error(kernel, kernel.request(Opcode.STATFS, 1))).isEqualTo(Errno.EIO.number());
  }
}
