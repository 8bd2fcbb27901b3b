package io.strata.fs.posix;

import static io.strata.fs.RenameMode.EXCHANGE;
import static io.strata.fs.RenameMode.NO_REPLACE;
import static io.strata.fs.RenameMode.REPLACE;
import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.RenameMode;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenamesTest {
  private final TestVolume volume = new TestVolume();
  private Ino left = Ino.ROOT;
  private Ino right = Ino.ROOT;

  @BeforeEach
  void twoDirectories() throws FsException {
    left = volume.directory(Ino.ROOT, "left");
    right = volume.directory(Ino.ROOT, "right");
  }

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void aFileMovesAndItsTimesTell() throws FsException {
    Ino file = volume.file(left, "f");
    Timestamp born = volume.attributes(file).modified();
    Timestamp now = volume.tick();
    rename(left, "f", right, "g", NO_REPLACE);
    assertThat(volume.list(left)).containsExactly(".", "..");
    assertThat(volume.lookup(right, "g").ino()).isEqualTo(file);
    assertThat(volume.attributes(file).changed()).isEqualTo(now);
    assertThat(volume.attributes(file).modified()).isEqualTo(born);
    assertThat(volume.attributes(left).modified()).isEqualTo(now);
    assertThat(volume.attributes(right).modified()).isEqualTo(now);
  }

  @Test
  void aDirectoryMovesWithItsParent() throws FsException {
    Ino directory = volume.directory(left, "d");
    volume.directory(directory, "below");
    rename(left, "d", right, "d", REPLACE);
    assertThat(volume.attributes(left).links()).isEqualTo(2);
    assertThat(volume.attributes(right).links()).isEqualTo(3);
    assertThat(volume.files.parent(USER, directory).ino()).isEqualTo(right);
  }

  @Test
  void aDirectoryCannotMoveIntoItself() throws FsException {
    Ino directory = volume.directory(left, "d");
    Ino below = volume.directory(directory, "below");
    assertThat(failure(left, "d", below, "x", REPLACE)).isEqualTo(Errno.EINVAL);
    assertThat(failure(left, "d", directory, "x", NO_REPLACE)).isEqualTo(Errno.EINVAL);
    assertThat(failure(Ino.ROOT, "left", below, "x", REPLACE)).isEqualTo(Errno.EINVAL);
    volume.file(below, "x");
    assertThat(failure(left, "d", below, "x", EXCHANGE)).isEqualTo(Errno.EINVAL);
    assertThat(failure(below, "x", left, "d", EXCHANGE)).isEqualTo(Errno.EINVAL);
    assertThat(failure(directory, "below", Ino.ROOT, "left", REPLACE))
        .isEqualTo(Errno.ENOTEMPTY);
  }

  @Test
  void kindsMustFitWhenReplacing() throws FsException {
    volume.file(left, "f");
    volume.directory(left, "d");
    volume.directory(left, "full");
    volume.file(volume.lookup(left, "full").ino(), "x");
    assertThat(failure(left, "f", left, "d", REPLACE)).isEqualTo(Errno.EISDIR);
    assertThat(failure(left, "d", left, "f", REPLACE)).isEqualTo(Errno.ENOTDIR);
    assertThat(failure(left, "d", left, "full", REPLACE)).isEqualTo(Errno.ENOTEMPTY);
    assertThat(failure(left, "f", left, "d", NO_REPLACE)).isEqualTo(Errno.EEXIST);
    assertThat(failure(left, "f", left, "none", EXCHANGE)).isEqualTo(Errno.ENOENT);
    assertThat(failure(left, "none", left, "f", REPLACE)).isEqualTo(Errno.ENOENT);
    rename(left, "full", left, "d", REPLACE);
    assertThat(volume.list(left)).containsExactly(".", "..", "d", "f");
    assertThat(volume.attributes(left).links()).isEqualTo(3);
  }

  @Test
  void twoNamesOfOneFileStay() throws FsException {
    Ino file = volume.file(left, "f");
    volume.files.link(USER, file, right, name("g"));
    int groups = volume.engine.groupCount();
    rename(left, "f", right, "g", REPLACE);
    rename(left, "f", left, "f", REPLACE);
    rename(left, "f", right, "g", EXCHANGE);
    assertThat(volume.engine.groupCount()).isEqualTo(groups);
    assertThat(volume.attributes(file).links()).isEqualTo(2);
  }

  @Test
  void directoriesAndFilesAreExchangedAcrossParents() throws FsException {
    Ino directory = volume.directory(left, "d");
    volume.file(directory, "inside");
    Ino file = volume.file(right, "f");
    Timestamp now = volume.tick();
    rename(left, "d", right, "f", EXCHANGE);
    assertThat(volume.lookup(left, "d").ino()).isEqualTo(file);
    assertThat(volume.lookup(right, "f").ino()).isEqualTo(directory);
    assertThat(volume.attributes(left).links()).isEqualTo(2);
    assertThat(volume.attributes(right).links()).isEqualTo(3);
    assertThat(volume.attributes(file).changed()).isEqualTo(now);
    assertThat(volume.attributes(directory).changed()).isEqualTo(now);
    assertThat(volume.files.parent(USER, directory).ino()).isEqualTo(right);
    rename(Ino.ROOT, "left", Ino.ROOT, "right", EXCHANGE);
    assertThat(volume.lookup(Ino.ROOT, "left").ino()).isEqualTo(right);
  }

  @Test
  void theReplacedFileLosesAName() throws FsException {
    Ino replaced = volume.file(left, "old");
    volume.files.link(USER, replaced, right, name("other"));
    volume.file(left, "new");
    Timestamp now = volume.tick();
    rename(left, "new", left, "old", REPLACE);
    assertThat(volume.attributes(replaced).links()).isEqualTo(1);
    assertThat(volume.attributes(replaced).changed()).isEqualTo(now);
    rename(left, "old", right, "other", REPLACE);
    assertThat(volume.errno(() -> volume.attributes(replaced))).isEqualTo(Errno.ESTALE);
  }

  @Test
  void aRemovedDirectoryIsNoTarget() throws FsException {
    volume.file(left, "f");
    volume.files.openDirectory(USER, right);
    volume.files.removeDirectory(USER, Ino.ROOT, name("right"));
    assertThat(failure(left, "f", right, "f", REPLACE)).isEqualTo(Errno.ENOENT);
    assertThat(failure(left, "f", volume.lookup(left, "f").ino(), "f", REPLACE))
        .isEqualTo(Errno.ENOTDIR);
  }

  private void rename(Ino parent, String name, Ino newParent, String newName, RenameMode mode)
      throws FsException {
    volume.files.rename(USER, parent, name(name), newParent, name(newName), mode);
  }

  private Errno failure(
      Ino parent, String name, Ino newParent, String newName, RenameMode mode) {
    return volume.errno(() -> rename(parent, name, newParent, newName, mode));
  }
}
