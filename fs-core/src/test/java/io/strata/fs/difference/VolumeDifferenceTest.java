package io.strata.fs.difference;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.StateTree;
import io.strata.fs.volume.Volume;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock stands still but where a test moves it. */
final class VolumeDifferenceTest {
  private static final Caller CALLER = Caller.ROOT;
  private static final int KIB = 1 << 10;

  private final ManualClock clock = ManualClock.skippingSleep(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private final MeteredStore store = new MeteredStore(new MemStore(), clock);
  private final Random random = new Random(1);
  private Volume volume;
  private FileSystem files;

  @BeforeEach
  void open() throws IOException {
    Volume.format(store, FormatOptions.DEFAULT, platform);
    volume = Volume.open(store, OpenOptions.DEFAULT, platform);
    files = volume.fileSystem();
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  @Test
  void tellsWhatHasBecomeOfEachPath() throws Exception {
    Ino etc = directory(Ino.ROOT, "etc");
    Ino home = directory(Ino.ROOT, "home");
    Ino me = directory(home, "me");
    write(me, "thesis", 10);
    write(me, "notes", 20);
    write(etc, "passwd", 30);
    write(etc, "mode", 40);
    write(etc, "old", 50);
    write(etc, "owner", 60);
    write(etc, "same", 70);
    write(etc, "tagged", 1);
    write(etc, "touched", 1);
    snapshot("then");
    write(me, "thesis", 11);
    files.change(CALLER, ino(etc, "mode"), AttributeChange.mode(0600), 0);
    files.change(
        CALLER,
        ino(etc, "owner"),
        new AttributeChange(null, 7, null, null, null, null, null, false),
        0);
    files.setExtendedAttribute(CALLER, ino(etc, "tagged"), bytes("user.a"), bytes("b"), 0);
    files.change(
        CALLER,
        ino(etc, "touched"),
        new AttributeChange(
            null, null, null, null, null, Timestamp.of(Instant.EPOCH), null, false),
        0);
    rename(etc, "passwd", home, "shadow");
    files.unlink(CALLER, etc, FileName.of("old"));
    write(etc, "new", 80);
    write(me, "notes.tmp", 21);
    rename(me, "notes.tmp", me, "notes");

    assertThat(differences("then", null))
        .containsExactly(
            "changed /etc/mode 40>40 [mode]",
            "added /etc/new 80",
            "removed /etc/old 50",
            "changed /etc/owner 60>60 [owner]",
            "changed /etc/tagged 1>1 [xattr]",
            "changed /etc/touched 1>1 [times]",
            "changed /home/me/notes 20>21 [data, size, times, replaced]",
            "changed /home/me/thesis 10>11 [data, size, times]",
            "renamed /home/shadow 30>30 from /etc/passwd");
  }

  @Test
  void aRenamedDirectoryIsToldOnce() throws Exception {
    Ino a = directory(Ino.ROOT, "a");
    Ino b = directory(a, "b");
    for (int i = 0; i < 50; i++) {
      write(b, "file " + i, i);
    }
    directory(Ino.ROOT, "c");
    snapshot("then");
    rename(a, "b", ino(Ino.ROOT, "c"), "b2");
    rename(Ino.ROOT, "c", Ino.ROOT, "d");
    write(b, "file 7", 100);
    assertThat(differences("then", null))
        .containsExactly(
            "renamed /d from /c",
            "renamed /d/b2 from /a/b",
            "changed /d/b2/file 7 7>100 [data, size, times]");
  }

  @Test
  void namesOfOneFileAreKeptApart() throws Exception {
    Ino a = directory(Ino.ROOT, "a");
    Ino b = directory(Ino.ROOT, "b");
    write(a, "one", 1);
    files.link(CALLER, ino(a, "one"), b, FileName.of("two"));
    write(a, "three", 3);
    write(b, "gone", 4);
    files.link(CALLER, ino(b, "gone"), b, FileName.of("gone too"));
    snapshot("then");
    // What is left of the first is a name in a directory that its inode does not tell.
    write(b, "two", 2);
    files.unlink(CALLER, a, FileName.of("one"));
    files.link(CALLER, ino(a, "three"), b, FileName.of("four"));
    files.unlink(CALLER, b, FileName.of("gone"));
    files.unlink(CALLER, b, FileName.of("gone too"));
    write(a, "five", 5);
    files.link(CALLER, ino(a, "five"), a, FileName.of("six"));
    assertThat(differences("then", null))
        .containsExactly(
            "added /a/five 5",
            "unlinked /a/one 1>2",
            "linked /a/six 5",
            "linked /b/four 3>3",
            "removed /b/gone 4",
            "unlinked /b/gone too 4",
            "changed /b/two 1>2 [data, size, times]");
  }

  @Test
  void treesThatCameAndWentAreToldPathByPath() throws Exception {
    Ino old = directory(Ino.ROOT, "old");
    write(directory(old, "sub"), "file", 5);
    snapshot("then");
    files.unlink(CALLER, ino(old, "sub"), FileName.of("file"));
    files.removeDirectory(CALLER, old, FileName.of("sub"));
    files.removeDirectory(CALLER, Ino.ROOT, FileName.of("old"));
    files.symlink(CALLER, directory(Ino.ROOT, "new"), FileName.of("link"), bytes("/to"));
    snapshot("now");
    assertThat(differences("then", "now"))
        .containsExactly(
            "added /new", "added /new/link 3", "removed /old", "removed /old/sub",
            "removed /old/sub/file 5");
    assertThat(differences("now", "then"))
        .containsExactly(
            "removed /new", "removed /new/link 3", "added /old", "added /old/sub",
            "added /old/sub/file 5");
    assertThat(differences("now", "now")).isEmpty();
  }

  @Test
  void whatIsOnlyInTheLogIsToldToo() throws Exception {
    snapshot("then");
    write(Ino.ROOT, "file", 3);
    files.syncAll(CALLER);
    assertThat(differences("then", null)).containsExactly("added /file 3");
  }

  @Test
  void bytesThatCompactionMovedAreNoDifference() throws Exception {
    for (int i = 0; i < 40; i++) {
      write(Ino.ROOT, "file " + i, 300 * KIB);
    }
    volume.checkpoint();
    for (int i = 0; i < 40; i++) {
      if (i % 4 > 0) {
        files.change(
            CALLER, ino(Ino.ROOT, "file " + i), AttributeChange.size(0), 0);
      }
    }
    snapshot("then");
    volume.collectGarbage(bytes -> {});
    snapshot("now");
    int[] entries = {0};
    List<StateTree> trees = trees("then", "now");
    trees
        .getFirst()
        .differences(
            trees.getLast(), TreeKeys.inodes(), (key, old, late) -> ++entries[0] > 0);
    assertThat(entries[0]).as("extents that are not as they were").isPositive();
    assertThat(differences("then", "now")).isEmpty();
  }

  @Test
  void oneFileOfManyCostsAHandfulOfRequests() throws Exception {
    Ino at = Ino.ROOT;
    for (int i = 0; i < 200; i++) {
      at = directory(i % 20 == 0 ? Ino.ROOT : at, "directory " + i);
      for (int j = 0; j < 100; j++) {
        Opened made = create(at, "file " + j);
        files.release(made.handle());
      }
    }
    Ino early = ino(ino(Ino.ROOT, "directory 0"), "directory 1");
    snapshot("then");
    write(early, "file 50", 9);
    snapshot("now");
    MeteredStore reader = new MeteredStore(store, clock);
    List<String> lines = new ArrayList<>();
    VolumeDifference.open(
            reader,
            StatePoint.parse("then"),
            StatePoint.parse("now"),
            OpenOptions.DEFAULT,
            platform)
        .tell(change -> lines.add(line(change)), DifferenceProgress.NONE);
    assertThat(lines)
        .containsExactly(
            "changed /directory 0/directory 1/file 50 0>9 [data, size, times]");
    // Descriptor, heads and their listing, and tree pages, many of which come with others.
    assertThat(reader.snapshot().requests()).isEqualTo(10);
  }

  /** Against what two walks over all names say, in one batch and in many. */
  @Test
  void randomHistoriesAreToldAsTwoWalksTellThem() throws Exception {
    RandomEdits edits = new RandomEdits(files, random, clock);
    for (int round = 0; round < 12; round++) {
      edits.make(30);
      NameWalk before = NameWalk.of(files);
      snapshot("then " + round);
      edits.make(random.nextInt(30));
      NameWalk after = NameWalk.of(files);
      snapshot("now " + round);
      for (int batchMax : new int[] {1, 7, 100_000}) {
        List<PathChange> told = new ArrayList<>();
        List<StateTree> trees = trees("then " + round, "now " + round);
        new VolumeDifference(trees.getFirst(), trees.getLast(), batchMax)
            .tell(told::add, DifferenceProgress.NONE);
        after.requireDifference(before, told);
      }
    }
  }

  private List<StateTree> trees(String before, String after) throws IOException {
    return StateTree.open(
        store,
        OpenOptions.DEFAULT,
        platform,
        StatePoint.parse(before),
        StatePoint.parse(after));
  }

  private List<String> differences(String before, @Nullable String after) throws Exception {
    if (after == null) {
      files.syncAll(CALLER);
    }
    List<String> lines = new ArrayList<>();
    VolumeDifference.open(
            store,
            StatePoint.parse(before),
            after == null ? null : StatePoint.parse(after),
            OpenOptions.DEFAULT,
            platform)
        .tell(change -> lines.add(line(change)), DifferenceProgress.NONE);
    return lines;
  }

  /** What happened, the path, sizes unless it is a directory, aspects, where it was. */
  private static String line(PathChange change) {
    StringBuilder line = new StringBuilder(text(change.kind())).append(' ').append(change.path());
    if (change.file().type() != FileType.DIRECTORY) {
      Inode before = change.before();
      Inode after = change.after();
      line.append(' ')
          .append(before == null ? "" : before.size())
          .append(before == null || after == null ? "" : ">")
          .append(after == null ? "" : after.size());
    }
    if (!change.aspects().isEmpty()) {
      line.append(' ')
          .append(change.aspects().stream().map(VolumeDifferenceTest::text).toList());
    }
    return line + (change.other() == null ? "" : " from " + change.other());
  }

  private static String text(Enum<?> each) {
    return each.name().toLowerCase(Locale.ROOT);
  }

  private void snapshot(String name) throws IOException {
    volume.snapshots().create(name);
    clock.advance(Duration.ofSeconds(1));
  }

  private Ino directory(Ino parent, String name) throws FsException {
    return files
        .make(CALLER, parent, FileName.of(name), new NewNode(FileType.DIRECTORY.code() << 12, 0))
        .ino();
  }

  private Opened create(Ino parent, String name) throws FsException {
    return files.create(
        CALLER,
        parent,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE | OpenFlags.TRUNCATE);
  }

  private void write(Ino parent, String name, int length) throws FsException {
    Opened file = create(parent, name);
    byte[] content = new byte[length];
    random.nextBytes(content);
    files.write(CALLER, file.handle(), 0, MemorySegment.ofArray(content), false);
    files.release(file.handle());
  }

  private void rename(Ino parent, String name, Ino newParent, String newName)
      throws FsException {
    files.rename(
        CALLER,
        parent,
        FileName.of(name),
        newParent,
        FileName.of(newName),
        RenameMode.REPLACE);
  }

  private Ino ino(Ino parent, String name) throws FsException {
    return files.lookup(CALLER, parent, FileName.of(name)).ino();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
