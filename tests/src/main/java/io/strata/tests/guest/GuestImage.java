package io.strata.tests.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a guest boots from.
 *
 * @param kernel the kernel
 * @param initramfs its first files, with all scripts
 */
public record GuestImage(Path kernel, Path initramfs) {
  private static final int MINUTES_MAX = 5;

  /** Programs without which there is no guest. */
  static final List<String> PROGRAMS =
      List.of("qemu-system-x86_64", "apt-get", "dpkg", "gcc", "cpio", "busybox");

  /**
   * Makes the image by {@code tests/guests/image}, from the scripts as they are now.
   *
   * @param tests the folder of the tests
   * @throws IOException if the script fails; its output is in the message
   */
  public static GuestImage make(Path tests) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(tests.resolve("target/guest"));
    Path log = folder.resolve("image.log");
    Process process =
        new ProcessBuilder(tests.resolve("guests/image").toString(), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException("the guest's image was not made in time: " + Files.readString(log));
    }
    if (process.exitValue() != 0) {
      throw new IOException("the guest's image was not made: " + Files.readString(log));
    }
    return new GuestImage(folder.resolve("vmlinuz"), folder.resolve("initramfs"));
  }

  /** The programs that are not installed. */
  public static List<String> missingPrograms() {
    return PROGRAMS.stream().filter(program -> !isInstalled(program)).toList();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
