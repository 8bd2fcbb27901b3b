package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fuse.fake.Hindrance;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.MountFake;
import io.strata.fuse.fake.Shell;
import io.strata.platform.SystemPlatform;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounting, unmounting and what goes wrong with either. */
class FuseMountTest {
  @TempDir private Path directory;

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  private static String mountLine(Path directory) throws Exception {
    return Shell.run(null, "grep -F ' " + directory + " ' /proc/mounts").output();
  }

  @Test
  void showsAsWhatItIs() throws Exception {
    MountOptions options =
        MountOptionList.apply(
            MountOptions.of("s3://bucket/a b,c?x=1"), "ro,nosuid,nodev,noexec,noatime");
    try (MountedFake mounted = MountedFake.on(directory, options, Hindrance.NONE)) {
      assertThat(mountLine(directory))
          .startsWith("s3://bucket/a\\040b,c?x=1 " + directory + " fuse.strata ")
          .contains("ro,nosuid,nodev,noexec,noatime", "default_permissions", "allow_other");
      assertThat(Shell.run(directory, "touch f").output()).contains("Read-only file system");
      assertThat(mounted.mount.negotiated().minor()).isGreaterThanOrEqualTo(31);
    }
    assertThat(mountLine(directory)).isEmpty();
  }

  @Test
  void readsAheadAMebibyte() throws Exception {
    try (MountedFake mounted = MountedFake.on(directory)) {
      String device = MountPoint.ours(mounted.path()).orElseThrow().device();
      assertThat(Path.of("/sys/class/bdi", device, "read_ahead_kb")).content().startsWith("1024");
    }
  }

  @Test
  void unmountAtOnceFollowedByMount() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (MountedFake mounted = MountedFake.on(directory)) {
        Shell.check(mounted.path(), "echo " + i + " > f; cat f");
      }
    }
  }

  @Test
  void somebodyElseMayUnmount() throws Exception {
    MountedFake mounted = MountedFake.on(directory);
    Shell.check(directory, "echo text > f");
    Shell.check(null, "umount " + directory);
    assertThat(mounted.mount.await(Duration.ofSeconds(60))).isTrue();
    assertThat(mounted.fileSystem.openHandles()).isZero();
    mounted.close();
    MountedFake again = MountedFake.on(directory);
    FuseMount.unmount(directory, Unmount.IF_UNUSED);
    assertThat(again.mount.await(Duration.ofSeconds(60))).isTrue();
    assertThatThrownBy(() -> FuseMount.unmount(directory, Unmount.IF_UNUSED))
        .isInstanceOf(MountException.class)
        .hasMessageContaining("no volume is mounted on " + directory);
  }

  @Test
  void mountPointsMustBeFreeDirectories() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> MountedFake.on(file))
        .isInstanceOf(MountException.class)
        .hasMessageContaining("is not a directory");
    assertThatThrownBy(() -> MountedFake.on(directory.resolve("absent")))
        .isInstanceOf(MountException.class)
        .hasMessageContaining("does not exist: create it");
    assertThatThrownBy(() -> MountedFake.on(directory.resolve("absent/deeper")))
        .isInstanceOf(MountException.class)
        .hasMessageContaining("does not exist: create it");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
    Path real = Files.createDirectory(directory.resolve("real"));
    try (MountedFake mounted = MountedFake.on(link)) {
      assertThat(mounted.path()).isEqualTo(real);
      assertThatThrownBy(() -> MountedFake.on(real))
          .isInstanceOf(MountException.class)
          .hasMessageContaining("has mem:test mounted: unmount it first");
    }
  }

  @Test
  void aMountInUseIsNotUnmountedByAccident() throws Exception {
    MountedFake mounted = MountedFake.on(directory);
    Process user = Shell.start(directory, "exec 3> f; echo kept >&3; echo ready; sleep 100 & wait");
    try {
      ready(user);
      assertThatThrownBy(() -> mounted.mount.unmount(Unmount.IF_UNUSED))
          .isInstanceOf(MountException.class)
          .hasMessageContaining("is in use");
      mounted.close();
      assertThat(mountLine(directory)).isEmpty();
      Ino f = mounted.fileSystem.lookup(Caller.ROOT, Ino.ROOT, FileName.of("f")).ino();
      assertThat(mounted.fileSystem.attributes(Caller.ROOT, f).size())
          .as("what the kernel held back is written")
          .isEqualTo(5);
    } finally {
      user.descendants().forEach(ProcessHandle::destroyForcibly);
      user.destroyForcibly().waitFor();
    }
  }

  @Test
  void aDetachedMountServesWhoUsesIt() throws Exception {
    MountedFake mounted = MountedFake.on(directory);
    Process user =
        Shell.start(directory, "exec 3> f; echo ready; read go; echo more >&3; exec 3>&-; cat f");
    ready(user);
    mounted.mount.unmount(Unmount.DETACH);
    assertThat(mountLine(directory)).isEmpty();
    assertThat(mounted.mount.await(Duration.ofMillis(200))).isFalse();
    user.outputWriter().append("go\n").close();
    mounted.close();
    assertThat(user.waitFor()).isZero();
    assertThat(mounted.mount.await(Duration.ZERO)).isTrue();
  }

  /** As a container has one that is started while a volume is mounted. */
  @Test
  void aCopyInAnotherNamespaceKeepsNobodyFromClosing() throws Exception {
    assumeTrue(Shell.has("unshare"), "SKIPPED: there is no unshare (package util-linux)");
    MountedFake mounted = MountedFake.on(directory);
    Process user =
        Shell.start(
            null,
            "exec unshare -m --propagation private bash -c 'echo ready; read go; cat "
                + directory
                + "/f || echo error'");
    try {
      ready(user);
      Shell.check(directory, "echo kept > f");
      mounted.mount.close(Duration.ofSeconds(1));
      assertThat(mountLine(directory)).isEmpty();
      assertThat(mounted.mount.await(Duration.ZERO)).isTrue();
      Ino f = mounted.fileSystem.lookup(Caller.ROOT, Ino.ROOT, FileName.of("f")).ino();
      assertThat(mounted.fileSystem.attributes(Caller.ROOT, f).size())
          .as("what the kernel held back is written")
          .isEqualTo(5);
      assertThat(mounted.fileSystem.openHandles()).isZero();

      user.outputWriter().append("go\n").close();
      String said = new String(user.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).contains("Input/output error").endsWith("error\n");
    } finally {
      user.destroyForcibly().waitFor();
    }
  }

  /** Reads from the process until it is ready, without taking more. */
  private static void ready(Process process) throws IOException {
    byte[] line = process.getInputStream().readNBytes(6);
    assertThat(new String(line, StandardCharsets.UTF_8)).isEqualTo("ready\n");
  }

  @Test
  void whatAKilledDaemonLeftIsReplaced() throws Exception {
    Process daemon =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MountFake.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = daemon.inputReader()) {
      assertThat(output.readLine()).isEqualTo("ready");
      Shell.check(directory, "echo text > f");
    } finally {
      daemon.destroyForcibly().waitFor();
    }
    assertThat(Shell.run(null, "ls " + directory).output())
        .contains("Transport endpoint is not connected");
    try (MountedFake mounted = MountedFake.on(directory)) {
      Shell.check(mounted.path(), "[ ! -e f ]; touch g");
    }
    assertThat(mountLine(directory)).isEmpty();
  }

  /** One kind of operation waits until it is let go. */
  private static final class Gate implements Hindrance {
    private final String what;
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch left = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    Gate(String what) {
      this.what = what;
    }

    @Override
    public void before(String operation, Caller caller, Ino ino) throws FsException {
      if (!operation.equals(what)) {
        return;
      }
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new FsException(Errno.EINTR, "interrupted", e);
      } finally {
        left.countDown();
      }
    }
  }

  @Test
  void othersAreServedWhileSomeWait() throws Exception {
    Gate gate = new Gate("read");
    try (MountedFake mounted = MountedFake.on(directory, MountOptions.of("mem:test"), gate)) {
      truncate(mounted.fileSystem, "f");
      // More than there are reader threads.
      Process reader =
          Shell.start(
              directory, "for i in $(seq 20); do dd if=f iflag=direct of=/dev/null & done; wait");
      assertThat(gate.entered.await(60, TimeUnit.SECONDS)).isTrue();
      Shell.check(directory, "mkdir d; touch d/g; ls d; stat f");
      assertThat(reader.isAlive()).isTrue();
      gate.open.countDown();
      assertThat(reader.waitFor()).isZero();
    }
  }

  @Test
  void manyThatWaitLeaveRoomForOthers() throws Exception {
    Gate gate = new Gate("sync");
    MountOptions options =
        new MountOptions("mem:test", Set.of(), true, 2, 1, MountOptions.of("mem:test").session());
    try (MountedFake mounted = MountedFake.on(directory, options, gate)) {
      for (int i = 0; i < 50; i++) {
        truncate(mounted.fileSystem, "f" + i);
      }
      Process syncs = Shell.start(directory, "for i in $(seq 0 49); do sync f$i & done; wait");
      for (int tries = 0; mounted.stats().waiting() < 50 && tries < 3000; tries++) {
        Thread.sleep(10);
      }
      assertThat(mounted.stats().waiting()).isEqualTo(50);
      Shell.check(directory, "echo text > g; cp g h; cmp g h; ls");
      gate.open.countDown();
      assertThat(syncs.waitFor()).isZero();
      assertThat(mounted.fileSystem.syncs).hasValue(50);
    }
  }

  @Test
  void signalsInterruptWhatWaits() throws Exception {
    // Reads are no example: the kernel does not interrupt those that go through its cache.
    for (String signal : new String[] {"TERM", "KILL"}) {
      Gate gate = new Gate("sync");
      try (MountedFake mounted = MountedFake.on(directory, MountOptions.of("mem:test"), gate)) {
        truncate(mounted.fileSystem, "f");
        Process reader = Shell.start(directory, "exec sync f");
        assertThat(gate.entered.await(60, TimeUnit.SECONDS)).isTrue();
        Shell.check(null, "kill -" + signal + " " + reader.pid());
        assertThat(gate.left.await(60, TimeUnit.SECONDS)).as(signal).isTrue();
        assertThat(reader.waitFor(60, TimeUnit.SECONDS)).as(signal).isTrue();
        assertThat(reader.exitValue()).isGreaterThan(128);
      }
    }
  }

  private static void truncate(MemFileSystem fileSystem, String name) throws FsException {
    Ino ino =
        fileSystem.make(Caller.ROOT, Ino.ROOT, FileName.of(name), new NewNode(0100644, 0)).ino();
    fileSystem.change(Caller.ROOT, ino, AttributeChange.size(1 << 16), 0);
  }

  @Test
  void theKernelForgetsWhatItIsToldTo() throws Exception {
    try (MountedFake mounted = MountedFake.on(directory)) {
      MemFileSystem fileSystem = mounted.fileSystem;
      Shell.check(directory, "echo x > f; stat f; [ ! -e later ]");
      Ino f = fileSystem.lookup(Caller.ROOT, Ino.ROOT, FileName.of("f")).ino();
      fileSystem.change(Caller.ROOT, f, AttributeChange.mode(0600), 0);
      truncate(fileSystem, "later");
      Shell.check(directory, "[ $(stat -c %a f) = 644 ]; [ ! -e later ]");
      mounted.mount.invalidateInode(f);
      mounted.mount.invalidateEntry(Ino.ROOT, FileName.of("later"));
      Shell.check(directory, "[ $(stat -c %a f) = 600 ]; [ -e later ]");
      mounted.mount.invalidateEntry(Ino.ROOT, FileName.of("unheard-of"));
    }
  }

  @Test
  void countsItsRequests() throws Exception {
    try (MountedFake mounted = MountedFake.on(directory)) {
      Shell.check(directory, "touch a b c");
      assertThat(mounted.stats().operations()).isNotEmpty();
      assertThat(mounted.stats().waiting()).isZero();
      assertThat(mounted.stats().malformed()).isZero();
    }
  }

  @Test
  void fusermountServesEverybodyElse() throws Exception {
    assumeTrue(Shell.has("fusermount3"), "there is no fusermount3 (package fuse3)");
    MountOptions options = MountOptions.of("s3://bucket/a,b").with(MountFlag.NO_SUID);
    MemFileSystem fileSystem = new MemFileSystem();
    HelperMounter helper = new HelperMounter();
    try (FuseMount mount =
        FuseMount.mount(fileSystem, directory, options, SystemPlatform.create(), helper, null)) {
      assertThat(mountLine(directory))
          .startsWith("s3://bucket/a,b " + directory + " fuse.strata ")
          .contains("nosuid");
      Shell.check(mount.directory(), "echo text > f; cat f");
    }
    assertThat(mountLine(directory)).isEmpty();
    assertThatThrownBy(() -> helper.unmount(directory, Unmount.IF_UNUSED))
        .isInstanceOf(MountException.class)
        .hasMessageContaining("cannot unmount");
  }
}
