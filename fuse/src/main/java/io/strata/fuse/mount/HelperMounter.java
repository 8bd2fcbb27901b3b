package io.strata.fuse.mount;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.DescriptorGiver;
import io.strata.fuse.linux.SystemCallException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everybody else mounts through the set-uid program {@code fusermount3} of Debian's fuse3. */
record HelperMounter() implements Mounter {
  private static final String PROGRAM = "fusermount3";

  /** Tells the program which descriptor to pass the device over. */
  private static final String SOCKET_VARIABLE = "_FUSE_COMMFD";

  @Override
  public Descriptor mount(Path point, MountOptions options) throws IOException {
    DescriptorGiver.Outcome outcome;
    try {
      outcome =
          DescriptorGiver.run(
              List.of(PROGRAM, "-o", helperOptions(options), "--", point.toString()),
              SOCKET_VARIABLE);
    } catch (SystemCallException e) {
      throw new MountException(missing(e), e);
    }
    Descriptor device = outcome.descriptor();
    if (device == null) {
      throw new MountException("cannot mount on " + point + ": " + outcome.errors());
    }
    return device;
  }

  private static String missing(IOException failure) {
    return "cannot run "
        + PROGRAM
        + ": install fuse3, or mount as root ("
        + failure.getMessage()
        + ")";
  }

  private static String helperOptions(MountOptions options) {
    List<String> list = new ArrayList<>();
    list.add("fsname=" + escape(options.source()));
    list.add("subtype=strata");
    list.add("default_permissions");
    list.add("max_read=" + options.session().requestBytesMax());
    if (options.allowOther()) {
      list.add("allow_other");
    }
    options.flags().forEach(flag -> list.add(flag.option()));
    return String.join(",", list);
  }

  /** A comma would end the option. */
  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,");
  }

  @Override
  public void unmount(Path point, Unmount how) throws IOException {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "-u"));
    if (how != Unmount.IF_UNUSED) {
      command.add("-z");
    }
    command.add("--");
    command.add(point.toString());
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new MountException(missing(e), e);
    }
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new MountException("cannot unmount " + point + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while unmounting " + point);
    }
  }
}
