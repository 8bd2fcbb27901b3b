package io.strata.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageView;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.StoredPage;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes in docs/format.md are those that the code writes and reads. */
class FormatDocumentTest {
  private static final String PAGE = "page";

  private final Map<String, byte[]> blocks = blocks();

  @Test
  void everyObjectIsWhatTheCodeWrites() throws IOException {
    byte[] pack = block(ObjectNames.pack(FormatExample.PACK));
    byte[] stored = storedPage(pack);
    assertBytes(ObjectNames.VOLUME, FormatExample.volume());
    assertBytes(ObjectNames.head(1), FormatExample.head(stored));
    assertBytes(ObjectNames.segment(FormatExample.SEGMENT), FormatExample.segment());
    assertBytes(ObjectNames.pack(FormatExample.PACK), FormatExample.pack(stored));
    assertBytes(ObjectNames.log(FormatExample.EPOCH, 0), FormatExample.log(stored));
    assertThat(blocks).hasSize(6);
  }

  /** What zstd makes of the page may change with its version; what it makes of that must not. */
  @Test
  void thePageIsWhatThePackHolds() throws IOException {
    byte[] stored = storedPage(block(ObjectNames.pack(FormatExample.PACK)));
    ByteBuffer page = StoredPage.decompress(FormatExample.address(stored), stored);
    assertThat(page).isEqualTo(ByteBuffer.wrap(block(PAGE)));
    assertThat(page).isEqualTo(FormatExample.page());
    assertThat(PageView.of(page).count()).isEqualTo(6);
  }

  @Test
  void togetherTheyAreAVolume() throws Exception {
    MemStore store = new MemStore();
    blocks.forEach(
        (name, bytes) -> {
          if (!name.equals(PAGE)) {
            store.put(new ObjectKey(name), bytes);
          }
        });
    FsckReport report =
        Fsck.check(store, FsckOptions.DEFAULT.withData(true), SystemPlatform.create());
    assertThat(report.findings()).extracting("code").containsExactly("volume-open");
    assertThat(report.counts().inodes()).isEqualTo(3);

    OpenOptions readOnly = OpenOptions.DEFAULT.withReadOnly(true);
    try (Volume volume = Volume.open(store, readOnly, SystemPlatform.create())) {
      assertThat(read(volume.fileSystem(), "hello")).isEqualTo(FormatExample.HELLO);
      assertThat(read(volume.fileSystem(), "note")).isEqualTo(FormatExample.LATER);
    }
  }

  private static byte[] read(FileSystem files, String name) throws Exception {
    Attributes found = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name));
    long handle = files.open(Caller.ROOT, found.ino(), OpenFlags.READ_ONLY);
    byte[] bytes = new byte[(int) found.size()];
    int length = files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes));
    files.release(handle);
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] storedPage(byte[] pack) throws IOException {
    List<PageAddress> pages =
        PackDirectory.open(FormatExample.VOLUME, FormatExample.PACK, ByteBuffer.wrap(pack));
    PageAddress only = pages.getFirst();
    return Arrays.copyOfRange(pack, only.offset(), only.offset() + only.length());
  }

  private byte[] block(ObjectKey key) {
    return block(key.value());
  }

  private byte[] block(String name) {
    byte[] bytes = blocks.get(name);
    if (bytes == null) {
      throw new AssertionError("docs/format.md has no block for " + name);
    }
    return bytes;
  }

  private void assertBytes(ObjectKey key, byte[] written) {
    HexFormat hex = HexFormat.ofDelimiter(" ");
    assertThat(hex.formatHex(block(key))).as(key.value()).isEqualTo(hex.formatHex(written));
  }

  /** The document's blocks of hexadecimal, by the word behind "hex". */
  private static Map<String, byte[]> blocks() {
    Map<String, byte[]> blocks = new LinkedHashMap<>();
    String name = null;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : document()) {
      if (line.startsWith("```hex ")) {
        name = line.substring("```hex ".length());
      } else if (line.startsWith("```") && name != null) {
        blocks.put(name, bytes.toByteArray());
        name = null;
        bytes.reset();
      } else if (name != null) {
        String hex = line.substring(0, line.indexOf('|')).strip();
        bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(hex));
      }
    }
    return blocks;
  }

  private static List<String> document() {
    try {
      return Files.readAllLines(Path.of("../docs/format.md"));
    } catch (IOException e) {
      throw new AssertionError("run this in the folder of the module", e);
    }
  }
}
