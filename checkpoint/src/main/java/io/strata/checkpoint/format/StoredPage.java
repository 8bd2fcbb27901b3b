package io.strata.checkpoint.format;

import com.github.luben.zstd.Zstd;
import io.strata.btree.DamagedPage;
import io.strata.btree.PageAddress;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A tree page as it is stored in a pack: one zstd frame that tells its content's length
 * (docs/format.md, section "Pack").
 */
public final class StoredPage {
  /** The longest page that is read or written, before compression, in bytes. */
  public static final int PAGE_BYTES_MAX = 16 << 20;

  private StoredPage() {}

  /** The key of the pack that holds a page. */
  public static ObjectKey pack(PageAddress address) {
    return ObjectNames.pack(new Nonce(address.pack()));
  }

  /** The stored form of a page; its position stays. */
  public static byte[] compress(ByteBuffer page, int level) {
    int length = page.remaining();
    if (length < 1 || length > PAGE_BYTES_MAX) {
      throw new IllegalArgumentException("page of " + length + " bytes");
    }
    byte[] raw = new byte[length];
    page.duplicate().get(raw);
    return Zstd.compress(raw, level);
  }

  /** CRC32C of a page's stored form, as its address has it. */
  public static int crc(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored);
    return (int) crc.getValue();
  }

  /**
   * The page of a stored form, which has been read from {@code address}.
   *
   * @throws DamagedPage if it is not what was written there
   */
  public static ByteBuffer decompress(PageAddress address, byte[] stored) throws DamagedPage {
    if (stored.length != address.length()) {
      throw damaged(address, "%d bytes of %d".formatted(stored.length, address.length()));
    }
    int found = crc(stored);
    if (found != address.crc()) {
      throw damaged(address, "checksum expected %08x, found %08x".formatted(address.crc(), found));
    }
    long length = Zstd.getFrameContentSize(stored);
    if (length < 1 || length > PAGE_BYTES_MAX) {
      throw damaged(address, "what is there was never a page");
    }
    byte[] page = new byte[(int) length];
    if (Zstd.decompress(page, stored) != length) {
      throw damaged(address, "it does not decompress to %d bytes".formatted(length));
    }
    return ByteBuffer.wrap(page);
  }

  private static DamagedPage damaged(PageAddress address, String what) {
    return new DamagedPage(address, "object %s: %s".formatted(pack(address), what), null);
  }
}
