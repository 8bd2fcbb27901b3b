package io.strata.fuse.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory and events that are shared by descriptor. */
class SharedMemoryTest {
  @Test
  void twoMappingsOfOneDescriptorAreOneMemory() throws Exception {
    try (Descriptor memory = Descriptor.memory("test", 1 << 20);
        Mapping one = Mapping.shared(memory, 0, 1 << 20);
        Mapping other = Mapping.shared(memory, 4097, 100)) {
      assertThat(memory.size().bytes()).isEqualTo(1 << 20);
      other.memory().set(ValueLayout.JAVA_BYTE, 99, (byte) 7);
      assertThat(one.memory().get(ValueLayout.JAVA_BYTE, 4097 + 99)).isEqualTo((byte) 7);
      assertThat(other.memory().byteSize()).isEqualTo(100);
    }
  }

  @Test
  void aMappingOutlivesItsDescriptorAndEndsOnce() throws Exception {
    Descriptor memory = Descriptor.memory("test", 8192);
    Mapping mapping = Mapping.shared(memory, 0, 8192);
    memory.close();
    MemorySegment bytes = mapping.memory();
    bytes.fill((byte) 1);
    mapping.close();
    assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingBeyondTheFileIsMapped() throws Exception {
    try (Descriptor memory = Descriptor.memory("test", 8192)) {
      assertThatThrownBy(() -> Mapping.shared(memory, 4096, 4097))
          .isInstanceOf(SystemCallException.class)
          .hasMessageContaining("map 4097 bytes at 4096 of a file of 8192");
      assertThatThrownBy(() -> Mapping.shared(memory, Long.MAX_VALUE, Long.MAX_VALUE))
          .isInstanceOf(SystemCallException.class);
      assertThatThrownBy(() -> Mapping.shared(memory, 0, 0))
          .isInstanceOf(SystemCallException.class);
    }
  }

  @Test
  void whatIsCutOffUnderAMappingEndsInAnError() throws Exception {
    try (Descriptor memory = Descriptor.memory("test", 1 << 20);
        Mapping mapping = Mapping.shared(memory, 0, 1 << 20)) {
      memory.truncate(0);
      MemorySegment heap = MemorySegment.ofArray(new byte[1 << 20]);
      assertThatThrownBy(() -> heap.copyFrom(mapping.memory())).isInstanceOf(InternalError.class);
    }
  }

  @Test
  void eventsWakeAndAreCounted() throws Exception {
    try (EventDescriptor first = EventDescriptor.create();
        EventDescriptor second = EventDescriptor.of(first.descriptor().duplicate());
        EventDescriptor other = EventDescriptor.create();
        Poll poll = new Poll(List.of(other.descriptor(), first.descriptor()))) {
      assertThat(poll.await(Duration.ZERO)).isFalse();
      assertThat(first.drain()).isZero();
      assertThat(second.signal()).isZero();
      assertThat(second.signal()).isZero();
      assertThat(poll.await(null)).isTrue();
      assertThat(poll.ready(0)).isFalse();
      assertThat(poll.ready(1)).isTrue();
      assertThat(first.drain()).isEqualTo(2);
      assertThat(poll.await(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void whatIsNoEventDescriptorDoesNoHarm() throws Exception {
    try (DescriptorPair pipe = DescriptorPair.pipe();
        EventDescriptor reader = EventDescriptor.of(pipe.first())) {
      assertThat(reader.drain()).isZero();
      assertThat(reader.signal()).isEqualTo(-Errors.EBADF);
    }
  }
}
