package io.strata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int RECORDS = 5;

  @TempDir private Path folder;
  private final Journal journal = new Journal(2);
  private DemoTree tree;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    tree = new MountedTree(folder);
    file = folder.resolve(journal.path());
    tree.makeDirectories(Journal.ROOT);
    try (DemoTree.Appender appender = tree.append(journal.path())) {
      for (int index = 0; index < RECORDS; index++) {
        appender.append(journal.record(index));
        appender.sync();
      }
    }
  }

  private void cut(long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(open.length() - bytes);
    }
  }

  @Test
  void allIsThere() throws IOException {
    assertThat(journal.check(tree, RECORDS)).isEmpty();
  }

  @Test
  void moreThanWasAcknowledgedMayBeThereAndMayBeCutOff() throws IOException {
    cut(1);

    assertThat(journal.check(tree, RECORDS - 1)).isEmpty();
  }

  @Test
  void anAcknowledgedByteIsMissing() throws IOException {
    cut(1);

    assertThat(journal.check(tree, RECORDS))
        .hasValue("journals/journal-2: 5 records were acknowledged, 4 are there");
  }

  @Test
  void aByteIsAnother() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);

    assertThat(journal.check(tree, 0)).hasValue("journals/journal-2: record 4 has other bytes");
  }
}
