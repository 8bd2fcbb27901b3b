package io.strata.fuse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C library, called. */
class SystemCallsTest {
  @TempDir private Path directory;

  @Test
  void writesAndReadsThroughDescriptors() throws Exception {
    try (Arena arena = Arena.ofConfined();
        DescriptorPair pipe = DescriptorPair.pipe()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment text = arena.allocateFrom("text");
      assertThat(pipe.second().write(text, errno)).isEqualTo(5);
      MemorySegment buffer = arena.allocate(100);
      assertThat(pipe.first().read(buffer, errno)).isEqualTo(5);
      assertThat(buffer.getString(0)).isEqualTo("text");
      assertThat(pipe.first().write(text, errno)).isEqualTo(-Errors.EBADF);
    }
  }

  @Test
  void aClosedDescriptorIsNotUsedAnyMore() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Descriptor closed = Descriptor.open(file.toString());
    closed.close();
    closed.close();
    try (Arena arena = Arena.ofConfined();
        Descriptor another = Descriptor.open(file.toString())) {
      assertThat(another.number()).as("the number is free again").isEqualTo(closed.number());
      MemorySegment text = arena.allocateFrom("text");
      assertThat(closed.write(text, new ErrnoSlot(arena))).isEqualTo(-Errors.EBADF);
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void failuresSayWhatAndWhy() {
    String absent = directory.resolve("absent").toString();
    assertThatThrownBy(() -> Descriptor.open(absent))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errors.ENOENT))
        .hasMessage("open " + absent + ": no such file or directory (errno 2)");
    assertThat(Mounts.probe(absent)).isEqualTo(Errors.ENOENT);
    assertThat(Mounts.probe(directory.toString())).isZero();
    assertThatThrownBy(() -> Mounts.unmount(absent, 0)).isInstanceOf(SystemCallException.class);
    assertThatThrownBy(() -> Mounts.sync(absent)).isInstanceOf(SystemCallException.class);
  }

  @Test
  void aProgramMayPassNothing() throws Exception {
    DescriptorGiver.Outcome outcome =
        DescriptorGiver.run(List.of("sh", "-c", "echo no $SOCKET >&2; exit 3"), "SOCKET");
    assertThat(outcome).isEqualTo(new DescriptorGiver.Outcome(null, 3, "no 3"));
    assertThat(DescriptorGiver.run(List.of("sh", "-c", "kill -9 $$"), "SOCKET").exitStatus())
        .isEqualTo(-9);
    assertThatThrownBy(() -> DescriptorGiver.run(List.of("there-is-no-such-program"), "SOCKET"))
        .isInstanceOf(SystemCallException.class)
        .hasMessageStartingWith("run there-is-no-such-program");
  }

  @Test
  void childrenInheritNoDescriptors() throws Exception {
    try (DescriptorPair kept = DescriptorPair.sockets()) {
      DescriptorGiver.Outcome outcome =
          DescriptorGiver.run(
              List.of("sh", "-c", "[ ! -e /proc/$$/fd/" + kept.first().number() + " ]"), "SOCKET");
      assertThat(outcome.exitStatus()).isZero();
    }
  }

  @Test
  void readsToTheEnd() throws Exception {
    byte[] much = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    Path file = Files.write(directory.resolve("file"), much);
    try (Descriptor opened = Descriptor.open(file.toString())) {
      assertThat(opened.readFully()).isEqualTo(much);
    }
    assertThat(ValueLayout.ADDRESS.byteSize()).as("64-bit Linux").isEqualTo(8);
  }
}
