package io.strata.vhost.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.fuse.linux.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pages were written. */
class DirtyLogTest {
  private static final int PAGE = 4096;

  @Property(tries = 200)
  void exactlyTheWrittenPagesAreMarked(
      @ForAll @IntRange(max = 500 * PAGE) int at,
      @ForAll @IntRange(min = 1, max = PAGE * 200) int n)
      throws Exception {
    try (DirtyLog log = new DirtyLog();
        Descriptor file = Descriptor.memory("log", 4096);
        Mapping seen = Mapping.shared(file, 8, 1024)) {
      log.wrote(at, n);
      log.begin(file, 8, 1024);
      log.wrote(at, n);
      BitSet expected = new BitSet();
      expected.set(at / PAGE, (at + n - 1) / PAGE + 1);
      assertThat(BitSet.valueOf(seen.memory().toArray(ValueLayout.JAVA_BYTE))).isEqualTo(expected);
      log.end();
      seen.memory().fill((byte) 0);
      log.wrote(at, n);
      assertThat(seen.memory().mismatch(MemorySegment.ofArray(new byte[1024]))).isEqualTo(-1);
    }
  }

  @Test
  void pagesThatTheLogDoesNotCoverFail() throws Exception {
    try (DirtyLog log = new DirtyLog();
        Descriptor file = Descriptor.memory("log", 4096)) {
      log.begin(file, 0, 8);
      log.wrote(63 * PAGE, PAGE);
      assertThatThrownBy(() -> log.wrote(63 * PAGE, PAGE + 1))
          .isInstanceOf(GuestMemoryGone.class)
          .hasMessageContaining("ends before page 64");
      assertThatThrownBy(() -> log.begin(file, 0, 12)).isInstanceOf(InvalidGuestMemory.class);
      assertThatThrownBy(() -> log.begin(file, 4, 8)).isInstanceOf(InvalidGuestMemory.class);
      assertThatThrownBy(() -> log.begin(file, 0, 1 << 20)).isInstanceOf(InvalidGuestMemory.class);
      log.wrote(0, PAGE);
    }
  }

  @Test
  void aLogThatCouldBeCutOffIsRefused(@TempDir Path directory) throws Exception {
    Path path = Files.write(directory.resolve("log"), new byte[4096]);
    try (DirtyLog log = new DirtyLog();
        Descriptor file = Descriptor.open(path.toString());
        Descriptor memory = Descriptor.memory("log", 4096)) {
      assertThatThrownBy(() -> log.begin(file, 0, 4096))
          .isInstanceOf(InvalidGuestMemory.class)
          .hasMessageContaining("can be cut off");
      log.begin(memory, 0, 4096);
      assertThatThrownBy(() -> memory.truncate(0)).isInstanceOf(SystemCallException.class);
    }
  }

  @Test
  void whoeverListensIsWoken() throws Exception {
    try (DirtyLog log = new DirtyLog();
        Descriptor file = Descriptor.memory("log", 4096);
        EventDescriptor event = EventDescriptor.create()) {
      log.listener(EventDescriptor.of(event.descriptor().duplicate()));
      log.flush();
      assertThat(event.drain()).as("nothing is logged yet").isZero();
      log.begin(file, 0, 4096);
      log.flush();
      assertThat(event.drain()).isEqualTo(1);
      log.listener(null);
      log.flush();
      assertThat(event.drain()).isZero();
    }
  }
}
