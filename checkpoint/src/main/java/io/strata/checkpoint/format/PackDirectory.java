package io.strata.checkpoint.format;

import io.strata.btree.PageAddress;
import io.strata.replay.format.FieldReader;
import io.strata.replay.format.FieldWriter;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which pages a pack holds, written at its end (docs/format.md, section "Pack"). Readers of a tree
 * do not need it, because every pointer says where its page is; a checker that has lost the tree
 * does. Little-endian; the payload is
 *
 * <pre>
 *   pages, back to back, each a zstd frame
 *   per page: u32 offset in the object · u32 stored length · u32 CRC32C of the stored form
 *   u32 page count · u32 CRC32C of the directory · u32 zero · u32 CRC32C of these 12 bytes
 * </pre>
 */
public final class PackDirectory {
  /** Length of a page's record in bytes. */
  public static final int RECORD_BYTES = 12;

  /** Length of the tail in bytes. */
  public static final int TAIL_BYTES = 16;

  private PackDirectory() {}

  /** Directory and tail of these pages. */
  public static ByteBuffer encode(List<PageAddress> pages) {
    FieldWriter out = new FieldWriter(pages.size() * RECORD_BYTES + TAIL_BYTES);
    for (PageAddress page : pages) {
      out.u32(page.offset()).u32(page.length()).u32(page.crc());
    }
    FieldWriter tail = new FieldWriter(TAIL_BYTES);
    tail.u32(pages.size()).u32(crc(out.written())).u32(0);
    return out.bytes(tail.written()).u32(crc(tail.written())).written();
  }

  /**
   * The pages of a pack that was read whole, in its order.
   *
   * @throws StoreException.Corrupt if it is not the pack that was written under this name
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static List<PageAddress> open(VolumeId volume, Nonce nonce, ByteBuffer whole)
      throws StoreException {
    ObjectKey key = ObjectNames.pack(nonce);
    ByteBuffer payload = Frame.open(whole, FrameKind.PACK, volume, key);
    FieldReader all = new FieldReader(key, payload);
    int length = payload.remaining();
    all.require(length >= TAIL_BYTES, "%d bytes of payload have no directory", length);
    ByteBuffer tailBytes = payload.slice(length - TAIL_BYTES, TAIL_BYTES);
    FieldReader tail = new FieldReader(key, tailBytes);
    int count = tail.u32("page count");
    int directoryCrc = tail.u32("directory's checksum");
    tail.require(tail.u32("zero") == 0, "tail is not zero where it must be");
    tail.require(
        tail.u32("tail's checksum") == crc(tailBytes.slice(0, 12)), "tail's checksum is wrong");
    tail.require(
        count >= 0 && (long) count * RECORD_BYTES <= length - TAIL_BYTES,
        "page count %d does not fit",
        count);
    int pagesLength = length - TAIL_BYTES - count * RECORD_BYTES;
    ByteBuffer records = payload.slice(pagesLength, count * RECORD_BYTES);
    tail.require(crc(records) == directoryCrc, "directory's checksum is wrong");
    FieldReader in = new FieldReader(key, records);
    List<PageAddress> pages = new ArrayList<>(count);
    int next = Frame.headerLength(key);
    int end = next + pagesLength;
    for (int i = 0; i < count; i++) {
      int offset = in.u32("page's offset");
      int pageLength = in.u32("page's length");
      in.require(
          offset == next && pageLength >= 1 && pageLength <= end - offset,
          "page %d is at %d+%d, expected at %d",
          i,
          offset,
          pageLength,
          next);
      pages.add(new PageAddress(nonce.value(), offset, pageLength, in.u32("page's checksum")));
      next = offset + pageLength;
    }
    in.require(next == end, "pages end at %d, the directory begins at %d", next, end);
    return pages;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
