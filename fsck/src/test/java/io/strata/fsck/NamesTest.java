package io.strata.fsck;

import static io.strata.fsck.CraftedVolume.DATA;
import static io.strata.fsck.CraftedVolume.DIR;
import static io.strata.fsck.CraftedVolume.EPOCH;
import static io.strata.fsck.CraftedVolume.FILE;
import static io.strata.fsck.CraftedVolume.FILE_BYTES;
import static io.strata.fsck.CraftedVolume.GONE;
import static io.strata.fsck.CraftedVolume.LINK;
import static io.strata.fsck.CraftedVolume.TWIN;
import static io.strata.fsck.CraftedVolume.directory;
import static io.strata.fsck.CraftedVolume.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.store.Epoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with inodes and names is found, and named by its path. */
class NamesTest {
  private final CraftedVolume volume = new CraftedVolume();

  @Test
  void nothingIsWrongWithTheVolumeThatTheseTestsChange() {
    FsckReport report = volume.check();
    assertThat(report.findings()).extracting("code").containsExactly("volume-open");
    assertThat(report.clean()).isTrue();
    assertThat(report.exitStatus()).isZero();
    assertThat(report.volume()).isEqualTo(volume.id);
    assertThat(report.head()).isEqualTo(3);
    assertThat(report.counts().inodes()).isEqualTo(6);
    assertThat(report.counts().directories()).isEqualTo(2);
    assertThat(report.counts().fileBytes()).isEqualTo(FILE_BYTES);
    assertThat(report.counts().segments()).isEqualTo(1);
    assertThat(report.counts().objects()).isEqualTo(6);
  }

  @Test
  void nameWithoutInode() {
    volume.put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 2, 3)));
    volume.name(DIR, "lost", Ino.of(EPOCH, 9), FileType.REGULAR);
    Found.one(volume, "name-without-inode", "/dir/lost");
  }

  @Test
  void inodeWithoutName() {
    volume.put(new Mutation.InodePut(Ino.of(EPOCH, 9), file(1, 0, 0)));
    Found.one(volume, "no-name", null, "a file");
  }

  @Test
  void tooManyLinks() {
    volume.put(new Mutation.InodePut(TWIN, file(3, 0, 0)));
    Found.one(volume, "wrong-link-count", "/twin", "3", "2");
  }

  @Test
  void tooFewLinks() {
    volume.put(new Mutation.InodePut(TWIN, file(1, 0, 0)));
    Found.one(volume, "wrong-link-count", "/twin");
  }

  @Test
  void directoryLinks() {
    volume.put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 3, 2)));
    Found.one(volume, "wrong-link-count", "/dir");
  }

  @Test
  void directorySize() {
    volume.put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 2, 1)));
    Found.one(volume, "wrong-attribute", "/dir", "size is 1, it is 2");
  }

  @Test
  void typeInName() {
    volume.name(DIR, "file", FILE, FileType.FIFO);
    Found.one(volume, "wrong-type", "/dir/file", "a fifo", "a file");
  }

  @Test
  void parent() {
    volume.put(new Mutation.InodePut(DIR, directory(FILE, 2, 2)));
    Found.one(volume, "wrong-parent", "/dir");
  }

  @Test
  void directoryWithTwoNames() {
    volume.put(new Mutation.InodePut(Ino.ROOT, directory(Ino.ROOT, 4, 4)));
    volume.name(Ino.ROOT, "again", DIR, FileType.DIRECTORY);
    Found.one(volume, "directory-named-twice", "/again");
  }

  @Test
  void ringOfDirectories() {
    Ino a = Ino.of(EPOCH, 20);
    Ino b = Ino.of(EPOCH, 21);
    volume.put(new Mutation.InodePut(a, directory(b, 3, 1)));
    volume.put(new Mutation.InodePut(b, directory(a, 3, 1)));
    volume.name(a, "b", b, FileType.DIRECTORY);
    volume.name(b, "a", a, FileType.DIRECTORY);
    Found.one(volume, "directory-ring", null, "2 directories");
  }

  @Test
  void directoryThatHoldsItself() {
    Ino self = Ino.of(EPOCH, 20);
    volume.put(new Mutation.InodePut(self, directory(self, 3, 1)));
    volume.name(self, "self", self, FileType.DIRECTORY);
    Found.one(volume, "directory-ring", null, "1 directories");
  }

  @Test
  void noRoot() {
    volume.delete(new Mutation.InodeDelete(Ino.ROOT));
    Found.exactly(volume, "no-root", "stray-entries");
  }

  @Test
  void rootThatIsAFile() {
    volume.put(new Mutation.InodePut(Ino.ROOT, file(1, 0, 0)));
    Found.exactly(volume, "no-root", "stray-entries");
  }

  @Test
  void markWithoutInode() {
    volume.put(new Mutation.OrphanPut(Ino.of(EPOCH, 9)));
    Found.one(volume, "wrong-orphan-mark", null);
  }

  @Test
  void markOfAnInodeThatHasNames() {
    volume.put(new Mutation.OrphanPut(FILE));
    Found.one(volume, "wrong-orphan-mark", "/dir/file", "has links");
  }

  @Test
  void noLinksAndNoMark() {
    volume.delete(new Mutation.OrphanDelete(GONE));
    Found.one(volume, "wrong-orphan-mark", null, "has no links");
  }

  @Test
  void entriesOfNobody() {
    volume.put(new Mutation.XattrPut(Ino.of(EPOCH, 9), ByteString.of("user.x"), ByteString.EMPTY));
    Found.one(volume, "stray-entries", null);
  }

  @Test
  void namesInAFile() {
    volume.put(new Mutation.InodePut(TWIN, file(3, 0, 0)));
    volume.name(FILE, "x", TWIN, FileType.REGULAR);
    Found.one(volume, "stray-entries", "/dir/file", "has entries");
  }

  @Test
  void extentsOfADirectory() {
    volume.put(new Mutation.ExtentPut(DIR, new Extent(0, 10, DATA, 0)));
    volume.put(new Mutation.SegmentLivePut(DATA, FILE_BYTES + 10));
    Found.one(volume, "stray-entries", "/dir", "has extents");
  }

  @Test
  void symbolicLinkSize() {
    volume.put(new Mutation.InodePut(LINK, CraftedVolume.symlink("dir/file").withSize(3)));
    Found.one(volume, "wrong-attribute", "/link", "size");
  }

  @Test
  void allocated() {
    volume.put(new Mutation.InodePut(FILE, file(1, FILE_BYTES, FILE_BYTES - 1)));
    Found.one(volume, "wrong-attribute", "/dir/file", "allocated");
  }

  @Test
  void numberThatNobodyGave() {
    Ino early = Ino.of(new Epoch(3), 1);
    volume.put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 2, 3)));
    volume.put(new Mutation.InodePut(early, file(1, 0, 0)));
    volume.name(DIR, "early", early, FileType.REGULAR);
    Found.one(volume, "wrong-inode-number", "/dir/early");
  }

  @Test
  void namesThatAreNoTextArePrintedByteByByte() {
    FileName name =
        FileName.of(new byte[] {'a', (byte) 0xff, '\n', '\\', (byte) 0xc3, (byte) 0xa4});
    volume.put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 2, 3)));
    volume.put(new Mutation.DentryPut(DIR, name, new Dentry(Ino.of(EPOCH, 9), FileType.REGULAR)));
    Found.one(volume, "name-without-inode", "/dir/a\\xff\\x0a\\x5c\u00e4");
  }

  @Test
  void recordsThatCannotBeReadHideNothingElse() {
    volume.putRaw(TreeKeys.inode(FILE), new byte[] {9});
    Found.one(volume, "record-malformed", null, "inode " + FILE);
  }

  @Test
  void theLogCounts() {
    volume.put(new Mutation.InodePut(TWIN, file(3, 0, 0)));
    volume.logged(List.of(), List.of(), new Mutation.InodePut(TWIN, file(2, 0, 0)));
    Found.exactly(volume);
    assertThat(volume.check().counts().logEntries()).isEqualTo(1);
  }
}
