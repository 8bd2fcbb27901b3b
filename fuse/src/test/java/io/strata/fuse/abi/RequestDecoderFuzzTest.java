package io.strata.fuse.abi;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever comes, decoding ends in a request, in null or in one of two exceptions. */
class RequestDecoderFuzzTest {
  @Property(tries = 5000)
  void randomArgumentsNeverCrash(
      @ForAll @IntRange(min = -1, max = 60) int opcode,
      @ForAll @IntRange(max = 300) int argumentBytes,
      @ForAll boolean longSetxattr,
      @ForAll boolean text,
      @ForAll long seed) {
    byte[] message = new byte[RequestHeader.BYTES + argumentBytes];
    new Random(seed).nextBytes(message);
    if (text) {
      // Small numbers and letters reach further than noise.
      for (int i = RequestHeader.BYTES; i < message.length; i++) {
        message[i] = (byte) (message[i] % 3 == 0 ? 'a' : message[i] % 3 == 1 ? 0 : 1);
      }
    }
    ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
    header.putInt(0, message.length).putInt(4, opcode);
    header.putShort(36, (short) (seed % 7 == 0 ? seed >>> 8 & 15 : 0));
    decode(message, longSetxattr);
  }

  @Property(tries = 2000)
  void pureNoiseNeverCrashes(
      @ForAll @IntRange(max = 200) int bytes, @ForAll boolean longSetxattr, @ForAll long seed) {
    byte[] message = new byte[bytes];
    new Random(seed).nextBytes(message);
    decode(message, longSetxattr);
  }

  @Property(tries = 500)
  void truncatedMessagesNeverCrash(
      @ForAll @IntRange(max = 120) int length, @ForAll boolean fixLength) {
    byte[] whole = new byte[160];
    Arrays.fill(whole, (byte) 'a');
    for (Opcode opcode : Opcode.values()) {
      ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder());
      header.putInt(0, fixLength ? length : whole.length).putInt(4, opcode.number());
      header.putInt(36, 0);
      decode(Arrays.copyOf(whole, length), true);
    }
  }

  /** In native memory of exactly that size, so that a read outside is found out. */
  private static void decode(byte[] bytes, boolean longSetxattr) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
      message.copyFrom(MemorySegment.ofArray(bytes));
      new RequestDecoder(longSetxattr).decode(RequestHeader.decode(message), message);
    } catch (MalformedRequest e) {
      assertThat(e).hasMessageMatching("(?s).+");
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG);
    }
  }
}
