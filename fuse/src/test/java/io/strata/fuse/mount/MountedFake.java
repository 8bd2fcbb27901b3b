package io.strata.fuse.mount;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fuse.fake.Hindrance;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.linux.Mounts;
import io.strata.fuse.server.SessionStats;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A fake that is mounted by this process, for as long as a test takes. */
final class MountedFake implements AutoCloseable {
  final MemFileSystem fileSystem;
  final FuseMount mount;

  private MountedFake(MemFileSystem fileSystem, FuseMount mount) {
    this.fileSystem = fileSystem;
    this.mount = mount;
  }

  /** Skips the test, with the reason, where nothing can be mounted. */
  static void assumeUsable() {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
    assumeTrue(Mounts.effectiveUid() == 0, "only root mounts without fusermount3");
  }

  static MountedFake on(Path directory) throws IOException {
    return on(directory, MountOptions.of("mem:test"), Hindrance.NONE);
  }

  static MountedFake on(Path directory, MountOptions options, Hindrance hindrance)
      throws IOException {
    MemFileSystem fileSystem = new MemFileSystem(hindrance);
    return new MountedFake(
        fileSystem, FuseMount.mount(fileSystem, directory, options, SystemPlatform.create()));
  }

  /** The mount point. */
  Path path() {
    return mount.directory();
  }

  SessionStats stats() {
    return mount.stats();
  }

  @Override
  public void close() throws IOException {
    mount.close();
  }
}
