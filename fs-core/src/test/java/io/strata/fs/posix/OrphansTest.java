package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.NewNode;
import io.strata.fs.RenameMode;
import io.strata.fs.OpenFlags;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.Ino;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that lose their last name while they are open, or are too large to go at once. */
class OrphansTest {
  private static final SpaceUse EMPTY = new SpaceUse(1L << 50, 0, 1);

  private final TestVolume volume = new TestVolume();

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void anOpenFileOutlivesItsName() throws FsException {
    Ino file = volume.file(Ino.ROOT, "f");
    long first = volume.open(file);
    volume.write(first, 0, "still");
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    volume.check();
    long second = volume.open(file);
    volume.files.release(first);
    volume.write(second, 5, " here");
    assertThat(volume.text(second)).isEqualTo("still here");
    assertThat(volume.attributes(file).links()).isZero();
    volume.files.release(second);
    assertThat(volume.errno(() -> volume.attributes(file))).isEqualTo(Errno.ESTALE);
    assertThat(volume.files.spaceUse(USER)).isEqualTo(EMPTY);
  }

  @Test
  void aFileThatIsRenamedOverOutlivesItToo() throws FsException {
    long old = volume.open(volume.file(Ino.ROOT, "old"));
    volume.write(old, 0, "old");
    long young = volume.open(volume.file(Ino.ROOT, "new"));
    volume.write(young, 0, "new");
    volume.files.rename(
        USER, Ino.ROOT, name("new"), Ino.ROOT, name("old"), RenameMode.REPLACE);
    assertThat(volume.text(old)).isEqualTo("old");
    assertThat(volume.text(volume.open(volume.lookup(Ino.ROOT, "old").ino()))).isEqualTo("new");
    volume.files.release(old);
    assertThat(volume.files.spaceUse(USER).inodes()).isEqualTo(2);
  }

  @Test
  void whatACrashLeavesIsRemovedAfterOpening() throws FsException {
    volume.open(volume.file(Ino.ROOT, "f"));
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    volume.files.openDirectory(USER, volume.directory(Ino.ROOT, "d"));
    volume.files.removeDirectory(USER, Ino.ROOT, name("d"));
    NewNode node = new NewNode(0100600, 0);
    volume.files.createUnnamed(USER, Ino.ROOT, node, OpenFlags.READ_WRITE);
    volume.reopen();
    volume.check();
    assertThat(volume.files.spaceUse(USER).inodes()).isEqualTo(4);
    volume.files.reapOrphans();
    assertThat(volume.files.spaceUse(USER)).isEqualTo(EMPTY);
  }

  @Test
  void manyOrphansAreRemovedWhileSomeAreOpenAgain() throws FsException {
    Ino held = volume.file(Ino.ROOT, "held");
    long handle = volume.open(held);
    volume.files.unlink(USER, Ino.ROOT, name("held"));
    for (int i = 0; i < 600; i++) {
      volume.open(volume.file(Ino.ROOT, "f"));
      volume.files.unlink(USER, Ino.ROOT, name("f"));
    }
    assertThat(volume.files.spaceUse(USER).inodes()).isEqualTo(602);
    volume.files.reapOrphans();
    assertThat(volume.files.spaceUse(USER).inodes()).isEqualTo(602);
    VolumeFileSystem before = volume.files;
    volume.reopen();
    volume.files.reapOrphans();
    assertThat(volume.files.spaceUse(USER)).isEqualTo(EMPTY);
    before.release(handle);
  }

  @Test
  void aFileOfVeryManyExtentsGoesBitByBit() throws FsException {
    int extents = 3 * Orphans.REMOVED_MAX + 5;
    volume.fragmented(Ino.ROOT, "f", extents);
    int groups = volume.engine.groupCount();
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    TreeChecks.check(volume.engine);
    assertThat(volume.errno(() -> volume.lookup(Ino.ROOT, "f"))).isEqualTo(Errno.ENOENT);
    volume.engine.runBackground();
    assertThat(volume.files.spaceUse(USER)).isEqualTo(EMPTY);
    assertThat(volume.engine.groupCount()).isEqualTo(groups + 1 + 4);
  }

  @Test
  void aHalfRemovedFileIsRemovedAfterACrash() throws FsException {
    volume.fragmented(Ino.ROOT, "f", 2 * Orphans.REMOVED_MAX);
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    volume.reopen();
    TreeChecks.check(volume.engine);
    volume.files.reapOrphans();
    assertThat(volume.files.spaceUse(USER)).isEqualTo(EMPTY);
  }
}
