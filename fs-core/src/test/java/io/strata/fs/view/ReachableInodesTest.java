package io.strata.fs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReachableInodesTest {
  @TempDir Path directory;

  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("reachable");
  }

  @Test
  void areThereAgainAfterTheProcessWasKilled() throws IOException {
    ReachableInodes before = ReachableInodes.in(file);
    before.add(new Ino(5));
    before.addAll(LongStream.range(1L << 40, (1L << 40) + 1000).toArray(), 1000);
    // Not closed: the process is gone.
    try (ReachableInodes after = ReachableInodes.in(file)) {
      assertThat(after.contains(new Ino(5))).isTrue();
      assertThat(after.contains(new Ino((1L << 40) + 999))).isTrue();
      assertThat(after.contains(new Ino((1L << 40) + 1000))).isFalse();
      after.add(new Ino(6));
    }
    try (ReachableInodes last = ReachableInodes.in(file)) {
      assertThat(last.contains(new Ino(6))).isTrue();
      assertThat(last.contains(new Ino(5))).isTrue();
    }
  }

  @Test
  void guestThatBeginsAnewKnowsNothing() throws IOException {
    try (ReachableInodes before = ReachableInodes.in(file)) {
      before.add(new Ino(5));
      before.clear();
      before.add(new Ino(7));
    }
    try (ReachableInodes after = ReachableInodes.in(file)) {
      assertThat(after.contains(new Ino(5))).isFalse();
      assertThat(after.contains(new Ino(7))).isTrue();
    }
  }

  @Test
  void canBeTakenAlong() throws IOException {
    ReachableInodes here = ReachableInodes.inMemory();
    here.addAll(LongStream.range(2, 1000).toArray(), 998);
    here.add(new Ino(Long.MAX_VALUE));
    here.add(new Ino(7L << 40 | 63));
    byte[] saved = here.save();
    try (ReachableInodes there = ReachableInodes.in(file)) {
      there.restore(saved);
      assertThat(there.contains(new Ino(999))).isTrue();
      assertThat(there.contains(new Ino(1000))).isFalse();
      assertThat(there.contains(new Ino(1))).isFalse();
    }
    try (ReachableInodes after = ReachableInodes.in(file)) {
      assertThat(after.contains(new Ino(Long.MAX_VALUE))).isTrue();
      assertThat(after.contains(new Ino(7L << 40 | 63))).isTrue();
      assertThat(after.save()).hasSameSizeAs(saved);
      assertThatThrownBy(() -> after.restore(new byte[8])).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> after.restore(Arrays.copyOf(saved, saved.length - 8)))
          .isInstanceOf(IOException.class);
      byte[] zero = here.save();
      Arrays.fill(zero, 8, 16, (byte) 0);
      zero[16] = 1;
      assertThatThrownBy(() -> after.restore(zero)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void fileDoesNotGrowWithWhatIsGone() throws IOException {
    try (ReachableInodes reachable = ReachableInodes.in(file)) {
      for (int i = 1; i <= 300_000; i++) {
        reachable.add(new Ino(i));
        reachable.remove(new Ino(i));
      }
      reachable.add(new Ino(1_000_000));
    }
    assertThat(Files.size(file)).isLessThan(8 * 70_000);
    try (ReachableInodes after = ReachableInodes.in(file)) {
      assertThat(after.contains(new Ino(1_000_000))).isTrue();
    }
  }

  @Test
  void cutOffEndIsIgnoredAndOtherFilesAreRefused() throws IOException {
    try (ReachableInodes before = ReachableInodes.in(file)) {
      before.add(new Ino(5));
    }
    Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    try (ReachableInodes after = ReachableInodes.in(file)) {
      assertThat(after.contains(new Ino(5))).isTrue();
    }
    Files.writeString(file, "something else");
    assertThatThrownBy(() -> ReachableInodes.in(file)).hasMessageContaining("nothing that this version can read");
  }
}
