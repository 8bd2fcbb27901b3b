package io.strata.fsck.dump;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.store.StoreException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file with a dump, which may hold anything. Read as often as is needed; a line at a time is in
 * memory.
 *
 * @param path where it is
 * @param edited whether it was changed by hand: the checksum need not fit then
 */
record DumpFile(Path path, boolean edited) {
  private static final int LINE_BYTES_MAX = 1 << 20;

  /** Takes what lines say, in their order. */
  interface Visitor {
    /** The first line. */
    default void begin(DumpHeader header) throws IOException {}

    /** An orphan's mark, or whatever belongs to an inode: in the order of the tree. */
    void entry(long line, Mutation.Put put)
        throws IOException, StoreException, InterruptedException;

    /** A segment, in ascending order. */
    default void segment(long line, DumpLine.Segment segment) throws IOException {}
  }

  /**
   * Reads all of it.
   *
   * @throws BadDump naming the first line that is wrong
   */
  DumpCounts read(Visitor visitor) throws IOException, InterruptedException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      return new Reading(in, visitor, edited).run();
    }
  }

  /** The line that has an inode; the last one if none has. */
  long lineOf(long ino) throws IOException, InterruptedException {
    long[] found = new long[2];
    read(
        (line, put) -> {
          found[1] = line;
          if (found[0] == 0 && put instanceof Mutation.InodePut inode && inode.ino().value() == ino) {
            found[0] = line;
          }
          if (found[0] == 0 && put instanceof Mutation.DentryPut name
              && name.entry().child().value() == ino) {
            found[0] = line;
          }
        });
    return found[0] == 0 ? found[1] : found[0];
  }

  /** One reading. */
  private static final class Reading {
    private final InputStream in;
    private final Visitor visitor;
    private final boolean edited;
    private final CRC32C crc = new CRC32C();
    private final Tally tally = new Tally();
    private long line;
    private int stage = -1;
    private byte[] lastKey = {};
    private @Nullable DumpHeader header;

    Reading(InputStream in, Visitor visitor, boolean edited) {
      this.in = in;
      this.visitor = visitor;
      this.edited = edited;
    }

    DumpCounts run() throws IOException, InterruptedException {
      for (byte[] bytes = next(); bytes != null; bytes = next()) {
        int before = (int) crc.getValue();
        crc.update(bytes);
        DumpLine read = parse(bytes);
        if (read instanceof DumpLine.End end) {
          end(end, before);
          if (next() != null) {
            throw BadDump.atLine(line, "it is behind the end");
          }
          return end.counts();
        }
        take(read);
        tally.count(read);
      }
      throw BadDump.of(
          "the file ends after line %d without a last line of type end: it was cut off"
              .formatted(line));
    }

    private DumpLine parse(byte[] bytes) throws IOException {
      try {
        return LineReader.read(bytes);
      } catch (JsonProcessingException e) {
        throw BadDump.atLine(line, "it is no JSON: " + e.getOriginalMessage(), e);
      } catch (IllegalArgumentException e) {
        throw BadDump.atLine(line, String.valueOf(e.getMessage()), e);
      }
    }

    private void take(DumpLine read) throws IOException, InterruptedException {
      if ((header == null) != (read instanceof DumpLine.Begin)) {
        throw BadDump.atLine(
            line, header == null ? "a dump begins with type strata-dump" : "a second beginning");
      }
      switch (read) {
        case DumpLine.Begin begin -> {
          header = begin.header();
          stage(0, new byte[0]);
          visitor.begin(begin.header());
        }
        case DumpLine.Snapshot snapshot -> stage(1, null);
        case DumpLine.Entry(Mutation.Put put) -> {
          stage(put instanceof Mutation.OrphanPut ? 2 : 3, put.key());
          visitor.entry(line, put);
        }
        case DumpLine.Segment segment -> {
          stage(4, TreeKeys.segment(segment.nonce()));
          visitor.segment(line, segment);
        }
        case DumpLine.End end -> {}
      }
    }

    /** Lines come in the order of the tree, so that none can be there twice. */
    private void stage(int next, byte @Nullable [] key) throws BadDump {
      if (next < stage
          || (next == stage && key != null && Arrays.compareUnsigned(lastKey, key) >= 0)) {
        throw BadDump.atLine(line, "it is not behind the line before it in the order of dumps");
      }
      stage = next;
      lastKey = key == null ? lastKey : key;
    }

    private void end(DumpLine.End end, int found) throws BadDump {
      DumpCounts counts = tally.counts();
      if (header == null) {
        throw BadDump.atLine(line, "a dump begins with type strata-dump");
      }
      if (edited) {
        return;
      }
      if (!end.counts().equals(counts)) {
        throw BadDump.atLine(
            line, "it speaks of %s, the file has %s".formatted(end.counts(), counts));
      }
      if (end.crc() != found) {
        throw BadDump.atLine(
            line,
            "the checksum is %08x, of the file it is %08x: it was changed (if by you: --edited)"
                .formatted(end.crc(), found));
      }
    }

    /** The next line with its end, or null behind the last. */
    private byte @Nullable [] next() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      int read = in.read();
      while (read >= 0) {
        bytes.write(read);
        if (read == '\n') {
          break;
        }
        if (bytes.size() > LINE_BYTES_MAX) {
          throw BadDump.atLine(line + 1, "it is longer than " + LINE_BYTES_MAX + " bytes");
        }
        read = in.read();
      }
      if (bytes.size() == 0) {
        return null;
      }
      line++;
      return bytes.toByteArray();
    }
  }
}
