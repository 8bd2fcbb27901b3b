package io.strata.vhost.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.linux.Descriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The table of guest memory. */
class GuestMemoryTest {
  private static final long MIB = 1 << 20;

  private static MemoryRegion region(long guest, long bytes, long user) throws Exception {
    try (Descriptor file = Descriptor.memory("guest", bytes)) {
      return MemoryRegion.map(file, guest, bytes, user, 0);
    }
  }

  private static GuestMemory table(MemoryRegion... regions) throws Exception {
    try {
      return GuestMemory.of(List.of(regions));
    } finally {
      List.of(regions).forEach(MemoryRegion::release);
    }
  }

  private static List<GuestRange> translate(GuestMemory memory, long address, long length)
      throws OutsideGuestMemory {
    List<GuestRange> pieces = new ArrayList<>();
    memory.translate(address, length, pieces);
    return pieces;
  }

  @Test
  void aRangeThatCrossesRegionsHasSeveralPieces() throws Exception {
    GuestMemory memory = table(region(MIB, MIB, 0x7000_0000), region(0, MIB, 0x5000_0000));
    List<GuestRange> pieces = translate(memory, MIB - 10, 30);
    assertThat(pieces).extracting(GuestRange::byteSize).containsExactly(10L, 20L);
    assertThat(pieces).extracting(GuestRange::guestAddress).containsExactly(MIB - 10, MIB);
    pieces.getLast().bytes().set(ValueLayout.JAVA_BYTE, 3, (byte) 9);
    GuestRange same = memory.atUserAddress(0x7000_0003, 1);
    assertThat(same.bytes().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
    assertThat(same.guestAddress()).isEqualTo(MIB + 3);
    memory.release();
  }

  @Test
  void whatIsNotAllInsideIsRefused() throws Exception {
    GuestMemory memory = table(region(MIB, MIB, 0x7000_0000), region(3 * MIB, MIB, 0x5000_0000));
    long[][] outside = {
      {0, 1},
      {MIB - 1, 2},
      {2 * MIB, 1},
      {2 * MIB - 1, 2},
      {MIB, MIB + 1},
      {4 * MIB - 1, 2},
      {MIB, 0},
      {MIB, -1},
      {MIB, Long.MAX_VALUE},
      {MIB, Long.MIN_VALUE},
      {-1, 1},
      {-1, 2},
      {Long.MIN_VALUE, 1},
      {Long.MAX_VALUE, Long.MAX_VALUE}
    };
    for (long[] range : outside) {
      assertThatThrownBy(() -> translate(memory, range[0], range[1]))
          .as("%x+%x", range[0], range[1])
          .isInstanceOf(OutsideGuestMemory.class);
      assertThatThrownBy(() -> memory.atUserAddress(range[0], range[1]))
          .isInstanceOf(OutsideGuestMemory.class);
    }
    assertThatThrownBy(() -> memory.atUserAddress(0x7000_0000 + MIB - 1, 2))
        .isInstanceOf(OutsideGuestMemory.class)
        .hasMessage("2 bytes at user address 0x700fffff are not all in guest memory");
    assertThatThrownBy(() -> memory.atUserAddress(0x7000_0000, Long.MAX_VALUE))
        .isInstanceOf(OutsideGuestMemory.class);
    memory.release();
  }

  @Property(tries = 200)
  void translationAgreesWithTheTableOrRefuses(@ForAll long address, @ForAll long length)
      throws Exception {
    GuestMemory memory = table(region(0, MIB, 0x7000_0000));
    try {
      List<GuestRange> pieces = translate(memory, address, length);
      assertThat(address).isBetween(0L, MIB - 1);
      assertThat(pieces.getFirst().byteSize()).isEqualTo(length);
    } catch (OutsideGuestMemory e) {
      assertThat(address < 0 || length <= 0 || length > MIB || address > MIB - length).isTrue();
    } finally {
      memory.release();
    }
  }

  @Test
  void impossibleRegionsAreRefusedByName() throws Exception {
    try (Descriptor file = Descriptor.memory("guest", MIB)) {
      assertThatThrownBy(() -> MemoryRegion.map(file, 0, 0, 0, 0)).hasMessageContaining("size");
      assertThatThrownBy(() -> MemoryRegion.map(file, 0, -1, 0, 0)).hasMessageContaining("size");
      assertThatThrownBy(() -> MemoryRegion.map(file, 0, 1L << 50, 0, 0))
          .isInstanceOf(InvalidGuestMemory.class)
          .hasMessage(
              "memory region of 0x4000000000000 bytes at guest address 0x0, user address 0x0:"
                  + " no region has that size");
      assertThatThrownBy(() -> MemoryRegion.map(file, -MIB, MIB, 0, 0))
          .hasMessageContaining("there");
      assertThatThrownBy(() -> MemoryRegion.map(file, 0, MIB, Long.MAX_VALUE, 0))
          .hasMessageContaining("no region is there");
      assertThatThrownBy(() -> MemoryRegion.map(file, 0, MIB, 0, 4096))
          .isInstanceOf(InvalidGuestMemory.class)
          .hasMessageContaining("of a file of 1048576");
    }
  }

  @Test
  void overlappingRegionsAreRefusedByName() throws Exception {
    MemoryRegion one = region(0, MIB, 0x7000_0000);
    MemoryRegion sameForGuest = region(MIB - 4096, MIB, 0x5000_0000);
    MemoryRegion sameForFrontEnd = region(MIB, MIB, 0x7000_0000 + MIB - 4096);
    GuestMemory memory = GuestMemory.of(List.of(one));
    assertThatThrownBy(() -> memory.with(sameForGuest))
        .isInstanceOf(InvalidGuestMemory.class)
        .hasMessageContaining("overlaps memory region of 0x100000 bytes at guest address 0x0");
    assertThatThrownBy(() -> memory.with(sameForFrontEnd)).isInstanceOf(InvalidGuestMemory.class);
    assertThatThrownBy(() -> memory.without(0, MIB, 0)).isInstanceOf(InvalidGuestMemory.class);
    List.of(one, sameForGuest, sameForFrontEnd).forEach(MemoryRegion::release);
    memory.release();
  }

  @Test
  void memoryLivesAsLongAsAnyoneHoldsIt() throws Exception {
    GuestMemory first = table(region(0, MIB, 0));
    first.retain();
    MemoryRegion more = region(MIB, MIB, MIB);
    GuestMemory second = first.with(more);
    more.release();
    MemorySegment bytes = first.atUserAddress(0, 8).bytes();
    MemorySegment later = second.atUserAddress(MIB, 8).bytes();
    GuestMemory third = second.without(0, MIB, 0);
    first.release();
    second.release();
    bytes.fill((byte) 1);
    first.release();
    assertThatThrownBy(() -> bytes.fill((byte) 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> GuestAccess.run(() -> bytes.fill((byte) 1)))
        .isInstanceOf(GuestMemoryGone.class);
    later.fill((byte) 1);
    third.release();
    assertThatThrownBy(first::retain).isInstanceOf(IllegalStateException.class);
  }
}
