package io.strata.fuse.fake;

import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.MountOptionList;
import io.strata.fuse.mount.MountOptions;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Mounts an empty {@link MemFileSystem} until it is unmounted, for tests that kill a daemon and for
 * measuring by hand: {@code java -cp … io.strata.fuse.fake.MountFake DIR [OPTIONS]}.
 */
public final class MountFake {
  private MountFake() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    MountOptions options = MountOptions.of("mem:fake");
    if (args.length > 1) {
      options = MountOptionList.apply(options, args[1]);
    }
    FuseMount mount =
        FuseMount.mount(new MemFileSystem(), Path.of(args[0]), options, SystemPlatform.create());
    System.out.println("ready");
    mount.await();
    mount.stats().operations().forEach(System.out::println);
  }
}
