package io.strata.tests.takeover;

import io.strata.tests.takeover.Content.Torn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a volume holds of a round, read with every byte compared.
 *
 * @param writers the files of each writer
 * @param slots what the files hold that all writers replace
 */
record RoundFiles(List<WriterFiles> writers, Map<Integer, Content> slots) {
  RoundFiles {
    writers = List.copyOf(writers);
    slots = Map.copyOf(slots);
  }

  /**
   * Reads them.
   *
   * @throws Torn if they are nothing that the writers wrote
   */
  static RoundFiles read(Path mount, int round, int writers) throws IOException, Torn {
    RoundFolder folder = RoundFolder.of(mount, round);
    long[] shared = sharedRecords(folder.sharedLog(), round, writers);
    List<Set<String>> names = names(folder.names(), writers);
    List<WriterFiles> files = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      files.add(
          new WriterFiles(
              ownRecords(folder.log(writer), round, writer),
              shared[writer],
              published(folder.published(writer), round, writer),
              blocks(folder.blocks(writer), round, writer),
              names.get(writer)));
    }
    Map<Integer, Content> slots = new HashMap<>();
    for (int slot = 0; slot < Plan.SLOTS; slot++) {
      if (Files.exists(folder.slot(slot))) {
        slots.put(slot, whole(folder.slot(slot)));
      }
    }
    return new RoundFiles(files, slots);
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
  }

  private static Content whole(Path file) throws IOException, Torn {
    return recognize(file, bytes(file));
  }

  private static Content recognize(Path file, ByteBuffer bytes) throws Torn {
    int position = bytes.position();
    try {
      return Content.of(bytes);
    } catch (Torn e) {
      throw new Torn("%s at %d: %s".formatted(file, position, e.getMessage()));
    }
  }

  private static List<Content> records(Path log) throws IOException, Torn {
    ByteBuffer all = bytes(log);
    List<Content> records = new ArrayList<>();
    while (all.hasRemaining()) {
      int length = Math.min(RoundFolder.RECORD_BYTES, all.remaining());
      records.add(recognize(log, all.slice(all.position(), length)));
      all.position(all.position() + length);
    }
    return records;
  }

  /** How many records a writer has in its log; they follow each other without a gap. */
  private static long ownRecords(Path log, int round, int writer) throws IOException, Torn {
    long count = 0;
    for (Content record : records(log)) {
      require(record, log, round, writer, count++);
    }
    return count;
  }

  private static long[] sharedRecords(Path log, int round, int writers) throws IOException, Torn {
    long[] counts = new long[writers];
    for (Content record : records(log)) {
      int writer = Math.clamp(record.writer(), 0, writers - 1);
      require(record, log, round, writer, counts[writer]++);
    }
    return counts;
  }

  private static void require(Content found, Path file, int round, int writer, long number)
      throws Torn {
    if (found.round() != round || found.writer() != writer || found.number() != number) {
      throw new Torn(
          "%s: %s instead of number %d of writer %d".formatted(file, found, number, writer));
    }
  }

  private static long published(Path file, int round, int writer) throws IOException, Torn {
    if (!Files.exists(file)) {
      return 0;
    }
    Content found = whole(file);
    require(found, file, round, writer, found.number());
    return found.number();
  }

  private static Map<Integer, Long> blocks(Path file, int round, int writer)
      throws IOException, Torn {
    ByteBuffer all = bytes(file);
    ByteBuffer hole = ByteBuffer.allocate(RoundFolder.BLOCK_BYTES);
    Map<Integer, Long> blocks = new HashMap<>();
    for (int block = 0; all.hasRemaining(); block++) {
      int length = Math.min(RoundFolder.BLOCK_BYTES, all.remaining());
      ByteBuffer bytes = all.slice(all.position(), length);
      if (!bytes.equals(hole)) {
        Content found = recognize(file, bytes);
        require(found, file, round, writer, found.number());
        blocks.put(block, found.number());
      }
      all.position(all.position() + length);
    }
    return blocks;
  }

  private static List<Set<String>> names(Path directory, int writers) throws IOException {
    List<Set<String>> names = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      names.add(new HashSet<>());
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        names.get(Plan.writerOf(name)).add(name);
      }
    }
    return names;
  }
}
