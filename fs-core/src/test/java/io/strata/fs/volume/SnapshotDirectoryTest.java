package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.PastNumber;
import io.strata.fs.PastStates;
import io.strata.fs.RenameMode;
import io.strata.fs.SpaceUse;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.view.IdMap;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What kernels see of snapshots beside the volume. The clock stands still but where a test moves it. */
final class SnapshotDirectoryTest {
  private static final Caller CALLER = Caller.ROOT;
  private static final NewNode FILE = new NewNode(0100644, 0);
  private static final NewNode DIRECTORY = new NewNode(0040755, 0);
  private static final FileName SNAPSHOTS = FileName.of(".snapshots");
  private static final byte[] XATTR = "user.x".getBytes(StandardCharsets.US_ASCII);

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private final MeteredStore bucket = new MeteredStore(new MemStore(), clock);
  private Volume volume;
  private FileSystem files;

  @BeforeEach
  void open() throws Exception {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    reopen();
  }

  private void reopen() throws Exception {
    volume = Volume.open(bucket, OpenOptions.DEFAULT.withTakeOver(true), platform);
    files = view(View.WHOLE);
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  private FileSystem view(View view) throws FsException {
    return view.of(volume.fileSystem(), volume.past(), ReachableInodes.inMemory());
  }

  private static FileName name(String name) {
    return FileName.of(name);
  }

  private Ino find(FileSystem in, String path) throws FsException {
    Ino at = Ino.ROOT;
    for (String part : path.split("/", -1)) {
      at = in.lookup(CALLER, at, name(part)).ino();
    }
    return at;
  }

  private Ino find(String path) throws FsException {
    return find(files, path);
  }

  private Ino write(Ino parent, String name, String text) throws FsException {
    var opened =
        files.create(
            CALLER, parent, name(name), FILE, OpenFlags.READ_WRITE | OpenFlags.TRUNCATE);
    MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    files.write(CALLER, opened.handle(), 0, bytes, false);
    files.release(opened.handle());
    return opened.attributes().ino();
  }

  private String read(long handle) throws FsException {
    MemorySegment target = MemorySegment.ofArray(new byte[100]);
    int length = files.read(CALLER, handle, 0, target);
    return new String(
        target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private String read(String path) throws FsException {
    long handle = files.open(CALLER, find(path), OpenFlags.READ_ONLY);
    try {
      return read(handle);
    } finally {
      files.release(handle);
    }
  }

  private Map<String, Ino> list(Ino directory, int atMost) throws FsException {
    Map<String, Ino> found = new LinkedHashMap<>();
    long[] cookie = new long[1];
    long handle = files.openDirectory(CALLER, directory);
    int before;
    do {
      before = found.size();
      int[] room = {atMost};
      files.readDirectory(
          CALLER,
          handle,
          cookie[0],
          true,
          (name, ino, type, next, attributes) -> {
            if (room[0]-- == 0) {
              return false;
            }
            found.put(new String(name, StandardCharsets.UTF_8), ino);
            assertThat(attributes == null || attributes.ino().equals(ino)).isTrue();
            cookie[0] = next;
            return true;
          });
    } while (found.size() > before);
    files.releaseDirectory(handle);
    return found;
  }

  /** An operation that has to fail. */
  @FunctionalInterface
  private interface Failing {
    void run() throws FsException;
  }

  private static void assertFails(Errno errno, Failing operation) {
    assertThatThrownBy(operation::run)
        .isInstanceOfSatisfying(FsException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void isFoundAndNotListed() throws Exception {
    write(Ino.ROOT, "file", "text");
    volume.snapshots().create("a");
    assertThat(list(Ino.ROOT, 100)).containsOnlyKeys(".", "..", "file");
    Attributes directory = files.lookup(CALLER, Ino.ROOT, SNAPSHOTS);
    assertThat(directory.ino()).isEqualTo(PastNumber.DIRECTORY);
    assertThat(directory.mode()).isEqualTo(0040555);
    Ino below = write(files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino(), "f", "");
    assertThat(files.parent(CALLER, find("d")).ino()).isEqualTo(Ino.ROOT);
    assertFails(Errno.ENOENT, () -> files.lookup(CALLER, find("d"), SNAPSHOTS));
    assertThat(PastNumber.isPast(below)).isFalse();
  }

  @Test
  void listsSnapshotsWithTheirTimesAsTheyComeAndGo() throws Exception {
    Ino directory = find(".snapshots");
    assertThat(list(directory, 100)).containsOnlyKeys(".", "..");
    for (String each : List.of("zero", "one", "two")) {
      clock.advance(Duration.ofHours(1));
      volume.snapshots().create(each);
    }
    assertThat(list(directory, 1)).containsOnlyKeys(".", "..", "zero", "one", "two");
    assertThat(list(directory, 100).get("..")).isEqualTo(Ino.ROOT);
    Attributes two = files.lookup(CALLER, directory, name("two"));
    assertThat(two.modified()).isEqualTo(Timestamp.of(Instant.parse("2026-01-01T03:00:00Z")));
    assertThat(list(directory, 100)).containsEntry("two", two.ino());
    assertThat(files.attributes(CALLER, two.ino())).isEqualTo(two);
    assertThat(files.attributes(CALLER, directory).modified()).isEqualTo(two.modified());

    volume.snapshots().delete(List.of("one"));
    assertThat(list(directory, 1)).containsOnlyKeys(".", "..", "zero", "two");
    assertFails(Errno.ENOENT, () -> find(".snapshots/one"));
  }

  @Test
  void everythingCanBeReadAsItWas() throws Exception {
    Ino directory = files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino();
    Ino file = write(directory, "file", "before");
    files.setExtendedAttribute(CALLER, file, XATTR, new byte[] {7}, 0);
    files.symlink(CALLER, directory, name("link"), "file".getBytes(StandardCharsets.US_ASCII));
    var sparse = files.create(CALLER, directory, name("sparse"), FILE, OpenFlags.READ_WRITE);
    files.write(CALLER, sparse.handle(), 1 << 20, MemorySegment.ofArray(new byte[10]), false);
    files.release(sparse.handle());
    SpaceUse then = files.spaceUse(CALLER);
    volume.snapshots().create("s");
    Attributes was = files.attributes(CALLER, file);
    clock.advance(Duration.ofSeconds(1));
    write(directory, "file", "after, and longer");
    files.unlink(CALLER, directory, name("link"));
    write(Ino.ROOT, "new", "");

    assertThat(read(".snapshots/s/d/file")).isEqualTo("before");
    assertThat(read("d/file")).isEqualTo("after, and longer");
    Ino past = find(".snapshots/s/d/file");
    assertThat(files.attributes(CALLER, past)).isEqualTo(was.withIno(past));
    assertThat(files.extendedAttribute(CALLER, past, XATTR)).containsExactly(7);
    assertThat(files.extendedAttributes(CALLER, past)).containsExactly(XATTR);
    assertThat(files.readLink(CALLER, find(".snapshots/s/d/link")))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("file");
    long handle = files.open(CALLER, find(".snapshots/s/d/sparse"), OpenFlags.READ_ONLY);
    assertThat(files.seek(CALLER, handle, 0, 3)).isEqualTo(1 << 20);
    assertThat(files.seek(CALLER, handle, 0, 4)).isZero();
    files.sync(CALLER, handle, false);
    files.flush(CALLER, handle);
    files.release(handle);
    SpaceUse use = files.spaceUse(CALLER, past);
    assertThat(use).isEqualTo(new SpaceUse(then.usedBytes(), then.usedBytes(), then.inodes()));
    assertThat(files.spaceUse(CALLER, file)).isEqualTo(files.spaceUse(CALLER));
    assertFails(Errno.ENOENT, () -> find(".snapshots/s/new"));
    assertFails(Errno.ENOENT, () -> find(".snapshots/s/.snapshots"));
  }

  @Test
  void numbersDifferAndLeadUpAgain() throws Exception {
    Ino directory = files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino();
    Ino file = write(directory, "file", "x");
    volume.snapshots().create("a");
    volume.snapshots().create("b");
    Ino a = find(".snapshots/a/d/file");
    Ino b = find(".snapshots/b/d/file");
    assertThat(List.of(file, a, b)).doesNotHaveDuplicates();
    assertThat(List.of(a, b)).allMatch(PastNumber::isPast);

    Ino root = find(".snapshots/a");
    Ino inner = find(".snapshots/a/d");
    assertThat(PastNumber.isRoot(root)).isTrue();
    assertThat(files.parent(CALLER, inner).ino()).isEqualTo(root);
    assertThat(files.parent(CALLER, root).ino()).isEqualTo(PastNumber.DIRECTORY);
    assertThat(files.parent(CALLER, PastNumber.DIRECTORY).ino()).isEqualTo(Ino.ROOT);
    assertThat(list(inner, 1))
        .containsExactly(Map.entry(".", inner), Map.entry("..", root), Map.entry("file", a));
    assertThat(list(root, 100))
        .containsExactly(
            Map.entry(".", root), Map.entry("..", PastNumber.DIRECTORY), Map.entry("d", inner));
    reopen();
    assertThat(find(".snapshots/a/d/file")).isEqualTo(a);
    assertFails(Errno.ESTALE, () -> files.attributes(CALLER, new Ino(a.value() + (1L << 50))));
    assertFails(Errno.ESTALE, () -> files.attributes(CALLER, new Ino(Long.MAX_VALUE)));
  }

  @Test
  void nothingBelowChanges() throws Exception {
    Ino directory = files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino();
    Ino file = write(directory, "file", "x");
    volume.snapshots().create("a");
    volume.snapshots().create("b");
    Ino all = PastNumber.DIRECTORY;
    Ino in = find(".snapshots/a/d");
    Ino other = find(".snapshots/b/d");
    Ino past = find(".snapshots/a/d/file");
    long handle = files.open(CALLER, past, OpenFlags.READ_ONLY);
    long now = files.open(CALLER, file, OpenFlags.READ_WRITE);
    MemorySegment bytes = MemorySegment.ofArray(new byte[1]);
    FileName n = name("n");
    FileName f = name("file");
    List<Failing> refused = new ArrayList<>();
    for (Ino parent : List.of(all, in)) {
      refused.add(() -> files.make(CALLER, parent, n, FILE));
      refused.add(() -> files.symlink(CALLER, parent, n, new byte[] {1}));
      refused.add(() -> files.create(CALLER, parent, n, FILE, OpenFlags.READ_WRITE));
      refused.add(() -> files.createUnnamed(CALLER, parent, FILE, OpenFlags.READ_WRITE));
      refused.add(() -> files.unlink(CALLER, parent, f));
      refused.add(() -> files.removeDirectory(CALLER, parent, name("a")));
      refused.add(() -> files.change(CALLER, parent, AttributeChange.mode(0700), 0));
      refused.add(() -> files.setExtendedAttribute(CALLER, parent, XATTR, new byte[1], 0));
      refused.add(() -> files.removeExtendedAttribute(CALLER, parent, XATTR));
    }
    refused.add(() -> files.open(CALLER, past, OpenFlags.WRITE_ONLY));
    refused.add(() -> files.open(CALLER, past, OpenFlags.READ_ONLY | OpenFlags.TRUNCATE));
    refused.add(() -> files.write(CALLER, handle, 0, bytes, false));
    refused.add(() -> files.append(CALLER, handle, bytes));
    refused.add(() -> files.allocate(CALLER, handle, 0, 1, 0));
    refused.add(() -> files.copy(CALLER, now, 0, handle, 0, 1));
    refused.add(() -> files.link(CALLER, past, in, n));
    refused.add(() -> files.link(CALLER, file, all, n));
    refused.add(() -> files.rename(CALLER, in, f, in, n, RenameMode.REPLACE));
    refused.add(() -> files.removeDirectory(CALLER, Ino.ROOT, SNAPSHOTS));
    refused.add(() -> files.rename(CALLER, Ino.ROOT, SNAPSHOTS, directory, n, RenameMode.REPLACE));
    for (int i = 0; i < refused.size(); i++) {
      Failing each = refused.get(i);
      assertThatThrownBy(each::run)
          .as("change %d", i)
          .isInstanceOfSatisfying(
              FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
    }
    assertFails(Errno.EXDEV, () -> files.link(CALLER, past, directory, n));
    assertFails(Errno.EXDEV, () -> files.link(CALLER, file, in, n));
    assertFails(Errno.EXDEV, () -> files.rename(CALLER, in, f, other, n, RenameMode.REPLACE));
    assertFails(Errno.EXDEV, () -> files.rename(CALLER, in, f, directory, n, RenameMode.REPLACE));
    assertFails(Errno.EXDEV, () -> files.rename(CALLER, directory, f, in, n, RenameMode.REPLACE));
    assertFails(Errno.EXDEV, () -> files.copy(CALLER, handle, 0, now, 0, 1));
    files.release(handle);
    files.release(now);
  }

  @Test
  void nobodyTakesTheName() throws Exception {
    Ino directory = files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino();
    Ino file = write(directory, "file", "x");
    FileName f = name("file");
    assertFails(Errno.EEXIST, () -> files.make(CALLER, Ino.ROOT, SNAPSHOTS, DIRECTORY));
    assertFails(Errno.EEXIST, () -> files.symlink(CALLER, Ino.ROOT, SNAPSHOTS, new byte[] {1}));
    assertFails(Errno.EEXIST, () -> files.link(CALLER, file, Ino.ROOT, SNAPSHOTS));
    assertFails(
        Errno.EEXIST, () -> files.create(CALLER, Ino.ROOT, SNAPSHOTS, FILE, OpenFlags.READ_ONLY));
    for (RenameMode mode : RenameMode.values()) {
      assertFails(
          Errno.EEXIST, () -> files.rename(CALLER, directory, f, Ino.ROOT, SNAPSHOTS, mode));
    }
    files.make(CALLER, directory, SNAPSHOTS, DIRECTORY);
  }

  @Test
  void whatHasHadTheNameBeforeIsSeenUntilItIsGone() throws Exception {
    volume.snapshots().create("a");
    Ino real = volume.fileSystem().make(CALLER, Ino.ROOT, SNAPSHOTS, DIRECTORY).ino();
    assertThat(find(".snapshots")).isEqualTo(real);
    assertFails(Errno.ENOENT, () -> find(".snapshots/a"));
    assertThat(list(Ino.ROOT, 100)).containsKey(".snapshots");
    assertFails(Errno.EEXIST, () -> files.make(CALLER, Ino.ROOT, SNAPSHOTS, DIRECTORY));
    files.rename(CALLER, Ino.ROOT, SNAPSHOTS, Ino.ROOT, name("x"), RenameMode.REPLACE);
    assertThat(PastNumber.isRoot(find(".snapshots/a"))).isTrue();
    assertFails(
        Errno.EEXIST,
        () -> files.rename(CALLER, Ino.ROOT, name("x"), Ino.ROOT, SNAPSHOTS, RenameMode.REPLACE));
  }

  @Test
  void aDeletedSnapshotIsStaleAlsoToWhoHasItOpen() throws Exception {
    write(Ino.ROOT, "file", "x".repeat(50));
    volume.snapshots().create("s");
    Ino past = find(".snapshots/s/file");
    Ino root = find(".snapshots/s");
    long handle = files.open(CALLER, past, OpenFlags.READ_ONLY);
    long directory = files.openDirectory(CALLER, root);
    write(Ino.ROOT, "file", "y");
    volume.snapshots().delete(List.of("s"));

    for (int i = 0; i < 2; i++) {
      assertFails(Errno.ESTALE, () -> read(handle));
      assertFails(Errno.ESTALE, () -> files.attributes(CALLER, past));
      assertFails(Errno.ESTALE, () -> files.lookup(CALLER, root, name("file")));
      assertFails(
          Errno.ESTALE,
          () -> files.readDirectory(CALLER, directory, 0, false, (a, b, c, d, e) -> true));
      assertFails(Errno.ENOENT, () -> find(".snapshots/s"));
      volume.collectGarbage(looked -> {});
      volume.snapshots().create("other" + i);
    }
    files.release(handle);
    files.releaseDirectory(directory);
    clock.advance(VisitedSnapshots.IDLE);
    clock.advance(VisitedSnapshots.IDLE);
    assertThat(openCount()).isZero();
  }

  private int openCount() {
    return ((VisitedSnapshots) volume.past()).openCount();
  }

  @Test
  void anOpenSnapshotIsReadWithoutAskingAgainAndClosesInTime() throws Exception {
    write(Ino.ROOT, "file", "x");
    volume.snapshots().create("s");
    assertThat(openCount()).isZero();
    read(".snapshots/s/file");
    long before = bucket.snapshot().requests();
    assertThat(read(".snapshots/s/file")).isEqualTo("x");
    assertThat(bucket.snapshot().requests()).isEqualTo(before);
    assertThat(openCount()).isEqualTo(1);
    long handle = files.open(CALLER, find(".snapshots/s/file"), OpenFlags.READ_ONLY);
    clock.advance(VisitedSnapshots.IDLE.multipliedBy(3));
    assertThat(openCount()).isEqualTo(1);
    files.release(handle);
    clock.advance(VisitedSnapshots.IDLE.dividedBy(2));
    assertThat(openCount()).isEqualTo(1);
    clock.advance(VisitedSnapshots.IDLE.multipliedBy(2));
    assertThat(openCount()).isZero();
    assertThat(read(".snapshots/s/file")).isEqualTo("x");
  }

  @Test
  void enteringReadsTheHeadAndPagesOnlyAndLookingAgainNothing() throws Exception {
    for (int i = 0; i < 2000; i++) {
      files.make(CALLER, Ino.ROOT, name("a file among many " + i), FILE);
    }
    for (int i = 0; i < 20; i++) {
      volume.snapshots().create("s" + i);
    }
    long before = bucket.snapshot().requests();
    find(".snapshots/s7");
    assertThat(bucket.snapshot().requests() - before).isLessThanOrEqualTo(4);
    for (int i = 0; i < 20; i++) {
      find(".snapshots/s" + i);
    }
    assertThat(openCount()).isEqualTo(16);
    before = bucket.snapshot().requests();
    for (int i = 0; i < 20; i++) {
      find(".snapshots/s" + i);
    }
    assertThat(bucket.snapshot().requests()).isEqualTo(before);
  }

  @Test
  void manySnapshotsAreLookedAtFewAtATime() throws Exception {
    write(Ino.ROOT, "file", "x");
    List<Long> handles = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      volume.snapshots().create("s" + i);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(read(".snapshots/s%d/file".formatted(i))).isEqualTo("x");
    }
    assertThat(openCount()).isEqualTo(16);
    for (int i = 0; i < 16; i++) {
      Ino file = find(".snapshots/s%d/file".formatted(i));
      handles.add(files.open(CALLER, file, OpenFlags.READ_ONLY));
    }
    assertFails(Errno.ENFILE, () -> read(".snapshots/s17/file"));
    for (long handle : handles) {
      assertThat(read(handle)).isEqualTo("x");
      files.release(handle);
    }
    assertThat(read(".snapshots/s17/file")).isEqualTo("x");
  }

  @Test
  void whoMayNotWaitIsToldSo() throws Exception {
    write(Ino.ROOT, "file", "x");
    volume.snapshots().create("s");
    Ino directory = find(".snapshots");
    assertThatThrownBy(() -> files.lookup(CALLER.hasty(), directory, name("s")))
        .isInstanceOf(WouldBlock.class);
    assertThat(openCount()).isZero();
    Ino root = find(".snapshots/s");
    assertThat(files.attributes(CALLER.hasty(), root).ino()).isEqualTo(root);
  }

  @Test
  void theNextOwnerTakesUpWhatWasOpen() throws Exception {
    Ino directory = files.make(CALLER, Ino.ROOT, name("d"), DIRECTORY).ino();
    for (String each : List.of("a", "b", "c")) {
      write(directory, each, each);
    }
    volume.snapshots().create("s");
    volume.snapshots().create("t");
    Ino file = find(".snapshots/s/d/b");
    Ino past = find(".snapshots/s/d");
    long handle = files.open(CALLER, file, OpenFlags.READ_ONLY);
    long list = files.openDirectory(CALLER, past);
    long all = files.openDirectory(CALLER, PastNumber.DIRECTORY);
    long[] cookies = new long[2];
    files.readDirectory(
        CALLER, list, 0, false, (entry, ino, type, next, known) -> keep(cookies, 0, entry, next));
    files.readDirectory(
        CALLER, all, 0, false, (entry, ino, type, next, known) -> keep(cookies, 1, entry, next));
    volume.close();
    reopen();

    HandleClaim claim = HandleClaim.certain(false);
    files.adopt(CALLER, file, handle, claim);
    files.adopt(CALLER, past, list, claim);
    files.adopt(CALLER, PastNumber.DIRECTORY, all, claim);
    assertThat(read(handle)).isEqualTo("b");
    assertThat(after(list, cookies[0])).containsExactly("b", "c");
    assertThat(after(all, cookies[1])).containsExactly("t");
    assertFails(Errno.EBADF, () -> files.adopt(CALLER, directory, handle + 1, claim));
    files.release(handle);
    files.releaseDirectory(list);
    files.releaseDirectory(all);
    assertFails(Errno.EBADF, () -> files.release(handle));
  }

  /** Takes entries up to one of the first of their kinds. */
  private static boolean keep(long[] cookies, int at, byte[] entry, long next) {
    boolean more = cookies[at] == 0;
    if (more && List.of("a", "s").contains(new String(entry, StandardCharsets.UTF_8))) {
      cookies[at] = next;
    }
    return more;
  }

  private List<String> after(long handle, long cookie) throws FsException {
    List<String> names = new ArrayList<>();
    files.readDirectory(
        CALLER,
        handle,
        cookie,
        false,
        (entry, ino, type, next, known) -> names.add(new String(entry, StandardCharsets.UTF_8)));
    return names;
  }

  @Test
  void aPartOfTheVolumeShowsThatPartOfItsSnapshots() throws Exception {
    volume.snapshots().create("early");
    clock.advance(Duration.ofSeconds(1));
    Ino top = files.make(CALLER, Ino.ROOT, name("top"), DIRECTORY).ino();
    Ino secret = write(Ino.ROOT, "secret", "for others");
    Ino secrets = files.make(CALLER, Ino.ROOT, name("secrets"), DIRECTORY).ino();
    write(top, "file", "before");
    clock.advance(Duration.ofSeconds(1));
    volume.snapshots().create("s");
    write(top, "file", "after");
    Ino out = find(".snapshots/s/secret");
    Ino outside = find(".snapshots/s/secrets");
    files.rename(CALLER, Ino.ROOT, name("top"), Ino.ROOT, name("moved"), RenameMode.REPLACE);

    files = view(new View(false, "moved", IdMap.SAME, IdMap.SAME));
    assertThat(read(".snapshots/s/file")).isEqualTo("before");
    assertThat(list(find(".snapshots"), 100)).containsOnlyKeys(".", "..", "s");
    assertFails(Errno.ENOENT, () -> find(".snapshots/early"));
    assertThat(files.parent(CALLER, find(".snapshots/s")).ino())
        .isEqualTo(PastNumber.DIRECTORY);
    assertThat(files.parent(CALLER, PastNumber.DIRECTORY).ino()).isEqualTo(Ino.ROOT);
    assertThat(list(find(".snapshots/s"), 100))
        .containsOnlyKeys(".", "..", "file")
        .containsEntry("..", PastNumber.DIRECTORY);
    // Numbers can be guessed.
    for (Ino each : List.of(out, outside, secret, secrets)) {
      assertFails(Errno.ESTALE, () -> files.attributes(CALLER, each));
    }
    Ino file = find(".snapshots/s/file");
    files.forgotten(CALLER, file);
    assertFails(Errno.ESTALE, () -> files.attributes(CALLER, file));
  }

  @Test
  void whoOnlyReadsTheVolumeSeesItsSnapshotsToo() throws Exception {
    write(Ino.ROOT, "other", "x".repeat(1000));
    // In a segment of its own, which is not read along with the file.
    volume.checkpoint();
    write(Ino.ROOT, "file", "before");
    volume.snapshots().create("s");
    write(Ino.ROOT, "file", "after");
    write(Ino.ROOT, "other", "y".repeat(1000));
    volume.checkpoint();
    OpenOptions reading = OpenOptions.DEFAULT.withReadOnly(true);
    List<Volume> readers =
        List.of(
            Volume.open(bucket, reading, platform),
            Volume.follow(bucket, reading, Duration.ofSeconds(1), platform));
    List<FileSystem> views = new ArrayList<>();
    List<Long> handles = new ArrayList<>();
    for (Volume reader : readers) {
      files = View.WHOLE.of(reader.fileSystem(), reader.past(), ReachableInodes.inMemory());
      views.add(files);
      assertThat(read(".snapshots/s/file")).isEqualTo("before");
      handles.add(files.open(CALLER, find(".snapshots/s/other"), OpenFlags.READ_ONLY));
    }
    try (Volume then = Volume.at(bucket, StatePoint.parse("s"), reading, platform)) {
      assertThat(then.past()).isSameAs(PastStates.NONE);
    }
    volume.snapshots().delete(List.of("s"));
    files = view(View.WHOLE);
    // Nor is its head retained any more after so many.
    for (int i = 0; i < 40; i++) {
      clock.advance(Duration.ofHours(1));
      write(Ino.ROOT, "file", "again " + i);
      volume.checkpoint();
    }
    for (int i = 0; i < readers.size(); i++) {
      files = views.get(i);
      long handle = handles.get(i);
      // It is not in the cache, and gone from the bucket.
      assertFails(Errno.ESTALE, () -> read(handle));
      files.release(handle);
      clock.advance(VisitedSnapshots.IDLE.multipliedBy(3));
      assertThatThrownBy(() -> read(".snapshots/s/file"))
          .isInstanceOfSatisfying(
              FsException.class,
              e -> assertThat(e.errno()).isIn(Errno.ESTALE, Errno.ENOENT));
      readers.get(i).close();
    }
  }
}
