package io.strata.vhost.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many descriptors this process has of the kinds that a front end passes. */
public final class OpenDescriptors {
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

  /** Fails if there are more, or fewer, than before. */
  public static void assertCount(long before) {
    assertEquals(before, count(), "descriptors that are open");
  }
}
