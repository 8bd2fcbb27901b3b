package io.strata.vhost.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Faults come where they are expected, whether the code is interpreted or compiled. */
class GuestAccessTest {
  private static final int BYTES = 1 << 16;

  /** More than any compiler waits for. */
  private static final int HOT = 50_000;

  /** What is loaded goes somewhere, so that it is loaded. */
  long sum;

  private boolean after;

  private void load(MemorySegment guest, int i) {
    sum += guest.get(ValueLayout.JAVA_LONG, 8L * (i % (BYTES / 8)));
  }

  private void store(MemorySegment guest, int i) {
    guest.set(ValueLayout.JAVA_INT, 4L * (i % (BYTES / 4)), i);
  }

  private static void copy(MemorySegment guest, byte[] heap) {
    MemorySegment.copy(guest, ValueLayout.JAVA_BYTE, 0, heap, 0, 256);
    MemorySegment.copy(heap, 0, guest, ValueLayout.JAVA_BYTE, BYTES - 256, 256);
  }

  /** The access and what must not be reached after a fault, all of which may be compiled as one. */
  private void access(MemorySegment guest, byte[] heap, int kind, int i) {
    after = false;
    GuestAccess.run(
        () -> {
          switch (kind) {
            case 0 -> load(guest, i);
            case 1 -> store(guest, i);
            default -> copy(guest, heap);
          }
        });
    after = true;
  }

  @Test
  void aFaultIsAnErrorOfThatAccessAndNeverOfAnyLaterOne() throws Exception {
    byte[] heap = new byte[256];
    for (int kind = 0; kind < 3; kind++) {
      for (int round = 0; round < 5; round++) {
        try (Descriptor file = Descriptor.memory("guest", BYTES);
            Mapping mapping = Mapping.shared(file, 0, BYTES)) {
          MemorySegment guest = mapping.memory();
          for (int i = 0; i < HOT; i++) {
            access(guest, heap, kind, i);
            assertThat(after).isTrue();
          }
          file.truncate(0);
          for (int i = 0; i < 100; i++) {
            int at = i;
            int which = kind;
            assertThatThrownBy(() -> access(guest, heap, which, at))
                .isInstanceOf(GuestMemoryGone.class)
                .hasCauseInstanceOf(InternalError.class);
            assertThat(after).as("kind %d, round %d", kind, round).isFalse();
          }
        }
      }
    }
  }

  @Test
  void aFaultReplacesWhatWasThrownBecauseOfIt() throws Exception {
    try (Descriptor file = Descriptor.memory("guest", BYTES);
        Mapping mapping = Mapping.shared(file, 0, BYTES)) {
      file.truncate(0);
      assertThatThrownBy(
              () ->
                  GuestAccess.run(
                      () -> {
                        load(mapping.memory(), 0);
                        throw new IllegalArgumentException("what was read makes no sense");
                      }))
          .isInstanceOf(GuestMemoryGone.class);
      assertThatThrownBy(
              () ->
                  GuestAccess.run(
                      () -> {
                        throw new IllegalArgumentException("no fault");
                      }))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void virtualThreadsMeetTheirOwnFaults() throws Exception {
    AtomicReference<Throwable> met = new AtomicReference<>();
    try (Descriptor file = Descriptor.memory("guest", BYTES);
        Mapping mapping = Mapping.shared(file, 0, BYTES)) {
      file.truncate(0);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  access(mapping.memory(), new byte[256], 2, 0);
                } catch (GuestMemoryGone e) {
                  met.set(e);
                }
              })
          .join();
    }
    assertThat(met.get()).isInstanceOf(GuestMemoryGone.class);
  }
}
