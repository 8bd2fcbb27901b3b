package io.strata.fuse.mount;

import io.strata.fuse.device.FuseDevice;
import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.Mounts;
import io.strata.fuse.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;

/** Root mounts by itself. */
record DirectMounter() implements Mounter {
  /** S_IFDIR in octal: the root is a directory. */
  private static final String ROOT_MODE = "40000";

  @Override
  public Descriptor mount(Path point, MountOptions options) throws IOException {
    Descriptor device = open();
    boolean mounted = false;
    try {
      long flags = options.flags().stream().mapToLong(MountFlag::bit).reduce(0, (a, b) -> a | b);
      Mounts.mount(options.source(), point.toString(), TYPE, flags, kernelOptions(device, options));
      mounted = true;
      return device;
    } catch (SystemCallException e) {
      throw new MountException(explain(point, e), e);
    } finally {
      if (!mounted) {
        device.close();
      }
    }
  }

  private static Descriptor open() throws MountException {
    try {
      return Descriptor.open(FuseDevice.PATH);
    } catch (SystemCallException e) {
      String remedy =
          e.errno() == Errors.ENOENT || e.errno() == Errors.ENODEV
              ? "load the kernel's fuse module, or give the container this device"
              : "this process may not use it";
      throw new MountException(e.getMessage() + ": " + remedy, e);
    }
  }

  private static String kernelOptions(Descriptor device, MountOptions options) {
    return "fd=%d,rootmode=%s,user_id=%d,group_id=%d,max_read=%d,default_permissions%s"
        .formatted(
            device.number(),
            ROOT_MODE,
            Mounts.effectiveUid(),
            Mounts.effectiveGid(),
            options.session().requestBytesMax(),
            options.allowOther() ? ",allow_other" : "");
  }

  private static String explain(Path point, SystemCallException failure) {
    return switch (failure.errno()) {
      case Errors.EPERM, Errors.EACCES ->
          "cannot mount on " + point + ": this process lacks the right to mount (CAP_SYS_ADMIN)";
      case Errors.ENODEV -> "cannot mount on " + point + ": this kernel has no FUSE";
      default -> "cannot mount on " + point + ": " + Errors.text(failure.errno());
    };
  }

  @Override
  public void unmount(Path point, Unmount how) throws IOException {
    int flags =
        switch (how) {
          case IF_UNUSED -> 0;
          case DETACH -> Mounts.DETACH;
          case ABORT -> Mounts.DETACH | Mounts.FORCE;
        };
    try {
      Mounts.unmount(point.toString(), flags | Mounts.NO_FOLLOW);
    } catch (SystemCallException e) {
      throw new MountException(
          switch (e.errno()) {
            case Errors.EBUSY ->
                point + " is in use: end the programs that use it (fuser -vm " + point + ")";
            case Errors.EINVAL, Errors.ENOENT -> point + " is not mounted";
            default -> "cannot unmount " + point + ": " + Errors.text(e.errno());
          },
          e);
    }
  }
}
