package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.FakeKernel;
import io.strata.fuse.fake.FakeKernel.Answer;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.RequestBytes;
import io.strata.platform.SystemPlatform;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What two kernels on one filesystem are told to keep, and what they may touch of each other. */
class CacheModeTest {
  private static final int O_RDWR = 2;
  private static final int O_APPEND = 02000;
  private static final int SET_UID_MODE = 04755;

  private final MemFileSystem fileSystem = new MemFileSystem();

  /** A kernel that takes no notifications, as one behind virtio-fs. */
  private FakeKernel guest(CacheMode cache) {
    FakeKernel kernel = new FakeKernel(session(cache));
    assertThat(kernel.init().error()).isZero();
    return kernel;
  }

  private FuseSession session(CacheMode cache) {
    return new FuseSession(fileSystem, SessionOptions.of(cache), SystemPlatform.create(), null);
  }

  private Negotiated negotiated(CacheMode cache) {
    FuseSession session = session(cache);
    new FakeKernel(session).init();
    return session.initialized().join();
  }

  private static Answer create(FakeKernel kernel, String name, int flags) {
    return kernel.call(
        kernel.request(Opcode.CREATE, 1).u32(flags).u32(0100644).u32(0).u32(0).string(name));
  }

  private static Answer open(FakeKernel kernel, long node) {
    return kernel.call(kernel.request(Opcode.OPEN, node).u32(O_RDWR).u32(0));
  }

  private static long handle(Answer created) {
    return created.body().getLong(128);
  }

  private static int openedFlags(Answer opened) {
    return opened.body().getInt(8);
  }

  private static RequestBytes write(
      FakeKernel kernel, long node, long handle, int writeFlags, int flags, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    return kernel
        .request(Opcode.WRITE, node)
        .u64(handle)
        .u64(0)
        .u32(data.length)
        .u32(writeFlags)
        .u64(0)
        .u32(flags)
        .u32(0)
        .bytes(data);
  }

  private static RequestBytes read(FakeKernel kernel, long node, long handle) {
    return kernel
        .request(Opcode.READ, node)
        .u64(handle)
        .u64(0)
        .u32(4096)
        .u32(0)
        .u64(0)
        .u32(0)
        .u32(0);
  }

  private static Answer attributes(FakeKernel kernel, long node) {
    return kernel.call(kernel.request(Opcode.GETATTR, node).u32(0).u32(0).u64(0));
  }

  private static Answer setMode(FakeKernel kernel, long node, int mode) {
    return kernel.call(
        kernel
            .request(Opcode.SETATTR, node)
            .u32(Flags.SET_MODE)
            .u32(0)
            .bytes(new byte[56])
            .bytes(new byte[4])
            .u32(mode)
            .bytes(new byte[16]));
  }

  @Test
  void neverKeepsNothing() {
    Negotiated negotiated = negotiated(CacheMode.NEVER);
    assertThat(negotiated.has(InitFlags.DIRECT_IO_ALLOW_MMAP)).isTrue();
    assertThat(negotiated.has(InitFlags.WRITEBACK_CACHE)).isFalse();
    assertThat(negotiated.has(InitFlags.EXPLICIT_INVAL_DATA)).isFalse();
    assertThat(negotiated.has(InitFlags.DO_READDIRPLUS)).isFalse();

    FakeKernel kernel = guest(CacheMode.NEVER);
    Answer created = create(kernel, "a", O_RDWR);
    assertThat(created.body().getLong(16)).as("seconds of the name").isZero();
    assertThat(created.body().getLong(24)).as("seconds of the attributes").isZero();
    int opened = created.body().getInt(128 + 8);
    assertThat(opened & Flags.OPENED_DIRECT_IO).isNotZero();
    assertThat(opened & Flags.OPENED_KEEP_CACHE).isZero();
    assertThat(kernel.call(kernel.request(Opcode.LOOKUP, 1).string("b")).error())
        .isEqualTo(-Errno.ENOENT.number());
    assertThatThrownBy(() -> SessionOptions.of(CacheMode.NEVER).withWritebackCache(true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void autoKeepsDataOfFilesThatDidNotChange() {
    assertThat(negotiated(CacheMode.AUTO).has(InitFlags.AUTO_INVAL_DATA)).isTrue();
    FakeKernel one = guest(CacheMode.AUTO);
    FakeKernel other = guest(CacheMode.AUTO);
    Answer created = create(one, "a", O_RDWR);
    long node = created.body().getLong(0);
    assertThat(created.body().getLong(24)).as("seconds of the attributes").isEqualTo(1);

    assertThat(openedFlags(open(one, node)) & Flags.OPENED_KEEP_CACHE).as("first").isZero();
    assertThat(openedFlags(open(one, node)) & Flags.OPENED_KEEP_CACHE).as("same").isNotZero();
    Answer opened = open(other, node);
    other.call(write(other, node, opened.body().getLong(0), 0, 0, "news"));
    assertThat(openedFlags(open(one, node)) & Flags.OPENED_KEEP_CACHE).as("changed").isZero();
    assertThat(openedFlags(open(one, node)) & Flags.OPENED_DIRECT_IO).isZero();
  }

  @Test
  void alwaysKeepsEverything() {
    Negotiated negotiated = negotiated(CacheMode.ALWAYS);
    assertThat(negotiated.has(InitFlags.EXPLICIT_INVAL_DATA)).isTrue();
    assertThat(negotiated.has(InitFlags.AUTO_INVAL_DATA)).isFalse();
    FakeKernel kernel = guest(CacheMode.ALWAYS);
    long node = create(kernel, "a", O_RDWR).body().getLong(0);
    assertThat(openedFlags(open(kernel, node)) & Flags.OPENED_KEEP_CACHE).isNotZero();
  }

  @ParameterizedTest
  @EnumSource(CacheMode.class)
  void kernelThatCannotBeToldKeepsNoSetIdMode(CacheMode cache) {
    FakeKernel kernel = guest(cache);
    Answer created = create(kernel, "a", O_RDWR | O_APPEND);
    long node = created.body().getLong(0);
    assertThat(setMode(kernel, node, SET_UID_MODE).body().getLong(0)).as("seconds").isZero();
    assertThat(attributes(kernel, node).body().getLong(0)).as("seconds").isZero();

    kernel.call(write(kernel, node, handle(created), Flags.WRITE_KILL_SUIDGID, O_APPEND, "x"));
    Answer cleared = attributes(kernel, node);
    assertThat(cleared.body().getInt(16 + 60)).isEqualTo(0100755);
    assertThat(cleared.body().getLong(0)).isEqualTo(cache.lifetimes().attributes().toSeconds());
  }

  @Test
  void appendsOfTwoKernelsDoNotOverwriteEachOther() {
    FakeKernel one = guest(CacheMode.AUTO);
    FakeKernel other = guest(CacheMode.NEVER);
    Answer created = create(one, "a", O_RDWR | O_APPEND);
    long node = created.body().getLong(0);
    long second =
        other
            .call(other.request(Opcode.OPEN, node).u32(O_RDWR | O_APPEND).u32(0))
            .body()
            .getLong(0);
    setMode(one, node, SET_UID_MODE);
    one.call(write(one, node, handle(created), 0, O_APPEND, "one,"));
    other.call(write(other, node, second, Flags.WRITE_KILL_SUIDGID, O_APPEND, "two,"));
    one.call(write(one, node, handle(created), 0, O_APPEND, "three"));
    Answer answer = other.call(read(other, node, second));
    assertThat(StandardCharsets.UTF_8.decode(answer.body()).toString()).isEqualTo("one,two,three");
  }

  @Test
  void handlesOfAnotherKernelDoNotExist() {
    FakeKernel one = guest(CacheMode.AUTO);
    Answer created = create(one, "a", O_RDWR);
    long node = created.body().getLong(0);
    long file = handle(created);
    long directory = one.call(one.request(Opcode.OPENDIR, 1).u32(0).u32(0)).body().getLong(0);

    FakeKernel other = guest(CacheMode.AUTO);
    RequestBytes[] requests = {
      read(other, node, file),
      write(other, node, file, 0, 0, "x"),
      write(other, node, file, 0, O_APPEND, "x"),
      other.request(Opcode.FSYNC, node).u64(file).u32(0).u32(0),
      other.request(Opcode.FALLOCATE, node).u64(file).u64(0).u64(1).u32(0).u32(0),
      other.request(Opcode.LSEEK, node).u64(file).u64(0).u32(3).u32(0),
      other
          .request(Opcode.COPY_FILE_RANGE, node)
          .u64(file)
          .u64(0)
          .u64(node)
          .u64(file)
          .u64(0)
          .u64(1)
          .u64(0),
      other.request(Opcode.RELEASE, node).u64(file).u32(0).u32(0).u64(0),
      other.request(Opcode.READDIR, 1).u64(directory).u64(0).u32(4096).bytes(new byte[20]),
      other.request(Opcode.RELEASEDIR, 1).u64(directory).u32(0).u32(0).u64(0),
    };
    for (RequestBytes request : requests) {
      assertThat(other.call(request).error()).isEqualTo(-Errno.EBADF.number());
    }
    assertThat(fileSystem.openHandles()).isEqualTo(2);
    assertThat(one.call(read(one, node, file)).error()).isZero();
  }

  @Test
  void syncOfTheWholeReachesTheFileSystem() throws Exception {
    FakeKernel kernel = guest(CacheMode.AUTO);
    Answer answer =
        kernel.send(kernel.request(Opcode.SYNCFS, 1).u64(0).toBytes()).get(60, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    assertThat(fileSystem.syncs).hasValue(1);
  }
}
