package io.strata.segment.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/** How the bytes of a block are stored. */
public enum Codec {
  /** As they are. */
  PLAIN(0),
  /** One LZ4 block without a frame: what an appended block becomes when that makes it smaller. */
  LZ4(1),
  /** One zstd frame: for data that is written once more because it stays. */
  ZSTD(2);

  /** A compressed block must be at least this fraction (1/16) smaller than the plain one. */
  private static final int GAIN_SHIFT = 4;

  private static final int ZSTD_LEVEL = 3;

  private final int id;

  Codec(int id) {
    this.id = id;
  }

  /** The number that stands for this codec in a block index. */
  public int id() {
    return id;
  }

  /** The codec with this number, or null if there is none. */
  public static @Nullable Codec ofId(int id) {
    return switch (id) {
      case 0 -> PLAIN;
      case 1 -> LZ4;
      case 2 -> ZSTD;
      default -> null;
    };
  }

  /**
   * The stored bytes of a block, or null if this codec does not make it enough smaller.
   *
   * @param raw 1 to {@link SegmentFormat#BLOCK_BYTES} bytes
   */
  byte @Nullable [] encode(byte[] raw) {
    return switch (this) {
      case PLAIN -> raw;
      case LZ4 -> {
        byte[] scratch = Lz4.SCRATCH.get();
        int length = Lz4.FACTORY.fastCompressor().compress(raw, 0, raw.length, scratch, 0);
        yield worthwhile(raw.length, length) ? Arrays.copyOf(scratch, length) : null;
      }
      case ZSTD -> {
        byte[] stored = Zstd.compress(raw, ZSTD_LEVEL);
        yield worthwhile(raw.length, stored.length) ? stored : null;
      }
    };
  }

  /**
   * Decodes {@code length} bytes of {@code stored} from {@code offset} into a new array of exactly
   * {@code rawLength} bytes; null if they do not yield that many.
   */
  byte @Nullable [] decode(byte[] stored, int offset, int length, int rawLength) {
    return switch (this) {
      case PLAIN ->
          length == rawLength ? Arrays.copyOfRange(stored, offset, offset + length) : null;
      case LZ4, ZSTD -> {
        byte[] raw = new byte[rawLength];
        yield decodedLength(stored, offset, length, raw) == rawLength ? raw : null;
      }
    };
  }

  private long decodedLength(byte[] stored, int offset, int length, byte[] raw) {
    try {
      return this == LZ4
          ? Lz4.FACTORY.safeDecompressor().decompress(stored, offset, length, raw, 0, raw.length)
          : Zstd.decompressByteArray(raw, 0, raw.length, stored, offset, length);
    } catch (LZ4Exception | ZstdException malformed) {
      return -1; // the caller says which block of which object it is
    }
  }

  private static boolean worthwhile(int rawLength, int storedLength) {
    return storedLength <= rawLength - Math.max(1, rawLength >> GAIN_SHIFT);
  }

  /** Loads the native library when the first block needs it, not when a command starts. */
  private static final class Lz4 {
    static final LZ4Factory FACTORY = LZ4Factory.fastestInstance();
    static final ThreadLocal<byte[]> SCRATCH =
        ThreadLocal.withInitial(
            () ->
                new byte[FACTORY.fastCompressor().maxCompressedLength(SegmentFormat.BLOCK_BYTES)]);
  }
}
