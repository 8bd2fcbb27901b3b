package io.strata.fuse.mount;

import io.strata.fuse.linux.Mounts;

/** Mount options that the kernel handles for every filesystem (mount(8)). */
public enum MountFlag {
  READ_ONLY("ro", Mounts.READ_ONLY),
  NO_SUID("nosuid", Mounts.NO_SUID),
  NO_DEV("nodev", Mounts.NO_DEV),
  NO_EXEC("noexec", Mounts.NO_EXEC),
  SYNC("sync", Mounts.SYNCHRONOUS),
  DIR_SYNC("dirsync", Mounts.DIRECTORIES_SYNCHRONOUS),
  NO_ATIME("noatime", Mounts.NO_ATIME),
  NO_DIR_ATIME("nodiratime", Mounts.NO_DIRECTORY_ATIME),
  REL_ATIME("relatime", Mounts.RELATIVE_ATIME),
  STRICT_ATIME("strictatime", Mounts.STRICT_ATIME),
  LAZY_TIME("lazytime", Mounts.LAZY_TIME);

  private final String option;
  private final long bit;

  MountFlag(String option, long bit) {
    this.option = option;
    this.bit = bit;
  }

  /** Its name as a mount option. */
  public String option() {
    return option;
  }

  long bit() {
    return bit;
  }
}
