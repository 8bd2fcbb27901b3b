package io.strata.vhost.fake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** How many descriptors this process has of the kinds that a front end passes. */
public final class OpenDescriptors {
  private static final Duration CLOSING_MAX = Duration.ofSeconds(30);

  private OpenDescriptors() {}

  /** Sockets, pipes, event descriptors and memory. */
  public static long count() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(OpenDescriptors::passed).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean passed(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("socket:")
          || target.startsWith("pipe:")
          || target.startsWith("anon_inode:")
          || target.startsWith("/memfd:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /**
   * Fails unless there are no more than before, soon: a thread of its own closes the pipes of a
   * process that has ended, as an earlier test may have run one.
   */
  public static void assertNoMoreThan(long before) {
    long end = System.nanoTime() + CLOSING_MAX.toNanos();
    while (count() > before && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertTrue(count() <= before, () -> count() + " descriptors are open, " + before + " before");
  }
}
