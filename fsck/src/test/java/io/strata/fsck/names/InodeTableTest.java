package io.strata.fsck.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.FileType;
import io.strata.fsck.scratch.Scratch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InodeTableTest {
  private static final int COUNT = 50_000;

  @Test
  void rememberEverythingWhileItGrows() {
    Scratch scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")), 1 << 20);
    InodeTable table = new InodeTable(scratch);
    for (int i = 1; i <= COUNT; i++) {
      long slot = table.add(ino(i));
      assertThat(table.exists(slot)).isFalse();
      table.setParent(slot, i / 2);
      for (int n = 0; n < i % 4; n++) {
        table.addName(slot);
      }
      if (i % 2 == 0) {
        table.setExists(slot, i % 3 == 0 ? FileType.DIRECTORY : FileType.SOCKET, i);
      }
      if (i % 5 == 0) {
        table.setMarked(slot);
      }
      if (i % 7 == 0) {
        table.setSettled(slot);
      }
      table.setOnPath(slot, i % 11 == 0);
    }
    assertThat(table.size()).isEqualTo(COUNT);
    assertThat(table.find(ino(COUNT + 1))).isNegative();
    for (int i = 1; i <= COUNT; i++) {
      long slot = table.find(ino(i));
      assertThat(table.ino(slot)).isEqualTo(ino(i));
      assertThat(table.used(slot)).isTrue();
      assertThat(table.parent(slot)).isEqualTo(i / 2);
      assertThat(table.names(slot)).isEqualTo(i % 4);
      assertThat(table.exists(slot)).isEqualTo(i % 2 == 0);
      if (i % 2 == 0) {
        assertThat(table.links(slot)).isEqualTo(i);
        assertThat(table.type(slot)).isEqualTo(i % 3 == 0 ? FileType.DIRECTORY : FileType.SOCKET);
      }
      assertThat(table.marked(slot)).isEqualTo(i % 5 == 0);
      assertThat(table.settled(slot)).isEqualTo(i % 7 == 0);
      assertThat(table.onPath(slot)).isEqualTo(i % 11 == 0);
    }
  }

  private static long ino(int i) {
    return (long) (i % 3 + 1) << 40 | i;
  }
}
