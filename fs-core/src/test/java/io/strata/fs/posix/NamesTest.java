package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.NewNode;
import io.strata.fs.AttributeChange;
import io.strata.fs.Opened;
import io.strata.fs.OpenFlags;
import io.strata.fs.Attributes;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamesTest {
  private final TestVolume volume = new TestVolume();
  private final VolumeFileSystem files = volume.files;

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void aNewFileIsAsAskedFor() throws FsException {
    Timestamp now = volume.tick();
    Attributes made =
        files.make(USER, Ino.ROOT, name("null"), new NewNode(0020666, 0x103));
    assertThat(made)
        .isEqualTo(
            new Attributes(
                made.ino(), 0020666, 1, 1000, 100, 0x103, 0, 0, now, now, now, now));
    assertThat(volume.lookup(Ino.ROOT, "null")).isEqualTo(made);
    assertThat(volume.attributes(made.ino())).isEqualTo(made);
  }

  @Test
  void mknodWithoutTypeMakesARegularFile() throws FsException {
    Attributes made = files.make(USER, Ino.ROOT, name("f"), new NewNode(0600, 0x103));
    assertThat(made.type()).isEqualTo(FileType.REGULAR);
    assertThat(made.device()).isZero();
  }

  @Test
  void aTypeThatIsNoneIsRefused() {
    NewNode node = new NewNode(0030644, 0);
    assertThat(volume.errno(() -> files.make(USER, Ino.ROOT, name("x"), node)))
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void aSymbolicLinkWithoutATargetIsRefused() {
    NewNode node = new NewNode(0120777, 0);
    assertThat(volume.errno(() -> files.make(USER, Ino.ROOT, name("x"), node)))
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void namesAreTakenOnce() throws FsException {
    volume.file(Ino.ROOT, "a");
    Ino other = volume.file(Ino.ROOT, "b");
    assertThat(volume.errno(() -> volume.file(Ino.ROOT, "a"))).isEqualTo(Errno.EEXIST);
    assertThat(volume.errno(() -> volume.directory(Ino.ROOT, "a"))).isEqualTo(Errno.EEXIST);
    assertThat(volume.errno(() -> files.link(USER, other, Ino.ROOT, name("a"))))
        .isEqualTo(Errno.EEXIST);
  }

  @Test
  void directoriesCountTheirEntriesAndSubdirectories() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    volume.directory(directory, "one");
    volume.directory(directory, "two");
    volume.file(directory, "three");
    assertThat(volume.attributes(directory).links()).isEqualTo(4);
    assertThat(volume.attributes(directory).size()).isEqualTo(3);
    files.removeDirectory(USER, directory, name("one"));
    files.unlink(USER, directory, name("three"));
    assertThat(volume.attributes(directory).links()).isEqualTo(3);
    assertThat(volume.attributes(directory).size()).isEqualTo(1);
    assertThat(volume.list(directory)).containsExactly(".", "..", "two");
  }

  @Test
  void aChangeOfADirectoryMarksItsTimes() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    Timestamp made = volume.tick();
    Ino file = volume.file(directory, "f");
    assertThat(volume.attributes(directory).modified()).isEqualTo(made);
    Timestamp linked = volume.tick();
    files.link(USER, file, Ino.ROOT, name("g"));
    assertThat(volume.attributes(file).changed()).isEqualTo(linked);
    assertThat(volume.attributes(file).modified()).isEqualTo(made);
    Timestamp unlinked = volume.tick();
    files.unlink(USER, directory, name("f"));
    assertThat(volume.attributes(directory).changed()).isEqualTo(unlinked);
    assertThat(volume.attributes(directory).modified()).isEqualTo(unlinked);
    assertThat(volume.attributes(file).changed()).isEqualTo(unlinked);
  }

  @Test
  void setGroupIdIsInherited() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    files.change(
        USER, directory, new AttributeChange(02755, null, 7, null, null, null, null, false), 0);
    Attributes file = volume.attributes(volume.file(directory, "f"));
    assertThat(file.gid()).isEqualTo(7);
    assertThat(file.mode()).isEqualTo(0100644);
    Attributes below = volume.attributes(volume.directory(directory, "below"));
    assertThat(below.gid()).isEqualTo(7);
    assertThat(below.mode()).isEqualTo(0042755);
  }

  @Test
  void wrongKindsOfInodesAreRefused() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    Ino file = volume.file(Ino.ROOT, "f");
    assertThat(volume.errno(() -> volume.file(file, "x"))).isEqualTo(Errno.ENOTDIR);
    assertThat(volume.errno(() -> volume.lookup(file, "x"))).isEqualTo(Errno.ENOTDIR);
    assertThat(volume.errno(() -> files.unlink(USER, Ino.ROOT, name("d"))))
        .isEqualTo(Errno.EISDIR);
    assertThat(volume.errno(() -> files.removeDirectory(USER, Ino.ROOT, name("f"))))
        .isEqualTo(Errno.ENOTDIR);
    assertThat(volume.errno(() -> files.link(USER, directory, Ino.ROOT, name("x"))))
        .isEqualTo(Errno.EPERM);
    assertThat(volume.errno(() -> files.readLink(USER, file))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> files.openDirectory(USER, file))).isEqualTo(Errno.ENOTDIR);
    assertThat(volume.errno(() -> volume.open(directory))).isEqualTo(Errno.EISDIR);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    Ino nowhere = new Ino(4711);
    assertThat(volume.errno(() -> volume.lookup(Ino.ROOT, "x"))).isEqualTo(Errno.ENOENT);
    assertThat(volume.errno(() -> volume.lookup(nowhere, "x"))).isEqualTo(Errno.ESTALE);
    assertThat(volume.errno(() -> volume.attributes(nowhere))).isEqualTo(Errno.ESTALE);
    assertThat(volume.errno(() -> files.release(9))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> files.sync(USER, 9, false))).isEqualTo(Errno.EBADF);
  }

  @Test
  void linksHaveALimit() throws FsException {
    Ino file = volume.file(Ino.ROOT, "f");
    Ino directory = volume.directory(Ino.ROOT, "d");
    setLinks(file, Edit.LINKS_MAX);
    setLinks(directory, Edit.LINKS_MAX);
    assertThat(volume.errno(() -> files.link(USER, file, Ino.ROOT, name("g"))))
        .isEqualTo(Errno.EMLINK);
    assertThat(volume.errno(() -> volume.directory(directory, "below"))).isEqualTo(Errno.EMLINK);
    setLinks(file, 1);
    setLinks(directory, 2);
  }

  private void setLinks(Ino ino, int links) throws FsException {
    volume.engine.write(
        USER,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          edit.put(ino, edit.inode(ino).withLinks(links));
          return edit.change(true);
        });
  }

  @Test
  void symbolicLinksHoldTheirTarget() throws FsException {
    byte[] target = new byte[4095];
    Attributes made = files.symlink(USER, Ino.ROOT, name("l"), target);
    assertThat(made.mode()).isEqualTo(0120777);
    assertThat(made.size()).isEqualTo(4095);
    assertThat(files.readLink(USER, made.ino())).isEqualTo(target);
    assertThat(volume.errno(() -> files.symlink(USER, Ino.ROOT, name("m"), new byte[4096])))
        .isEqualTo(Errno.ENAMETOOLONG);
    assertThat(volume.errno(() -> files.symlink(USER, Ino.ROOT, name("m"), new byte[0])))
        .isEqualTo(Errno.ENOENT);
    assertThat(volume.errno(() -> volume.open(made.ino()))).isEqualTo(Errno.ELOOP);
  }

  @Test
  void aClosedSmallFileGoesInOneGroup() throws Exception {
    Ino file = volume.file(Ino.ROOT, "f");
    long handle = volume.open(file);
    volume.write(handle, 0, "bytes");
    files.setExtendedAttribute(USER, file, "user.a".getBytes(StandardCharsets.UTF_8), new byte[3], 0);
    files.release(handle);
    int groups = volume.engine.groupCount();
    files.unlink(USER, Ino.ROOT, name("f"));
    assertThat(volume.engine.groupCount()).isEqualTo(groups + 1);
    assertThat(volume.engine.group(groups))
        .extracting(mutation -> mutation.getClass().getSimpleName())
        .containsExactlyInAnyOrder(
            "InodePut", "DentryDelete", "InodeDelete", "XattrDelete", "ExtentDelete");
    assertThat(files.spaceUse(USER)).isEqualTo(new SpaceUse(1L << 50, 0, 1));
  }

  @Test
  void theFourthModeOfAccessIsRefusedBeforeAnythingIsMade() {
    NewNode node = new NewNode(0100600, 0);
    assertThat(volume.errno(() -> files.create(USER, Ino.ROOT, name("x"), node, 3)))
        .isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> files.createUnnamed(USER, Ino.ROOT, node, 3)))
        .isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> files.lookup(USER, Ino.ROOT, name("x"))))
        .isEqualTo(Errno.ENOENT);
  }

  @Test
  void createOpensWhatIsThereUnlessItMustBeNew() throws FsException {
    NewNode node = new NewNode(0100600, 0);
    Opened made = files.create(USER, Ino.ROOT, name("f"), node, OpenFlags.READ_WRITE);
    volume.write(made.handle(), 0, "text");
    Opened again = files.create(USER, Ino.ROOT, name("f"), node, OpenFlags.READ_WRITE);
    assertThat(again.attributes().ino()).isEqualTo(made.attributes().ino());
    assertThat(again.attributes().size()).isEqualTo(4);
    assertThat(volume.text(again.handle())).isEqualTo("text");
    Opened cut =
        files.create(
            USER, Ino.ROOT, name("f"), node, OpenFlags.READ_WRITE | OpenFlags.TRUNCATE);
    assertThat(cut.attributes().size()).isZero();
    assertThat(
            volume.errno(
                () ->
                    files.create(
                        USER,
                        Ino.ROOT,
                        name("f"),
                        node,
                        OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE)))
        .isEqualTo(Errno.EEXIST);
  }

  @Test
  void anUnnamedFileMayGetAName() throws FsException {
    NewNode node = new NewNode(0100600, 0);
    Opened made = files.createUnnamed(USER, Ino.ROOT, node, OpenFlags.READ_WRITE);
    volume.write(made.handle(), 0, "text");
    assertThat(made.attributes().links()).isZero();
    volume.check();
    files.link(USER, made.attributes().ino(), Ino.ROOT, name("f"));
    files.release(made.handle());
    volume.check();
    assertThat(volume.text(volume.open(volume.lookup(Ino.ROOT, "f").ino()))).isEqualTo("text");
    Opened lost = files.createUnnamed(USER, Ino.ROOT, node, OpenFlags.READ_WRITE);
    files.release(lost.handle());
    assertThat(volume.errno(() -> volume.attributes(lost.attributes().ino())))
        .isEqualTo(Errno.ESTALE);
  }

  @Test
  void aRemovedDirectoryTakesNothing() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    long handle = files.openDirectory(USER, directory);
    files.removeDirectory(USER, Ino.ROOT, name("d"));
    assertThat(volume.errno(() -> volume.file(directory, "f"))).isEqualTo(Errno.ENOENT);
    assertThat(volume.attributes(directory).links()).isZero();
    files.releaseDirectory(handle);
    assertThat(volume.errno(() -> volume.attributes(directory))).isEqualTo(Errno.ESTALE);
  }
}
