package io.strata.fs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.PastStates;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.view.IdMap;
import io.strata.fs.view.IdRange;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a guest sees, and can do, through a view of a volume. */
class ViewsTest {
  private static final Caller GUEST = new Caller(10, 20, 1, true);
  private static final NewNode FILE = new NewNode(0100644, 0);
  private static final NewNode DIRECTORY = new NewNode(0040755, 0);
  private static final byte[] XATTR = "user.x".getBytes(StandardCharsets.US_ASCII);

  private static final HandleClaim CLAIM = new HandleClaim(false, () -> false);

  private final TestVolume volume = new TestVolume();

  @AfterEach
  void check() {
    volume.check();
  }

  private FileSystem view(View view) throws FsException {
    return view.of(volume.files, PastStates.NONE, ReachableInodes.inMemory());
  }

  private FileSystem subtree(String directory) throws FsException {
    return view(new View(false, directory, IdMap.SAME, IdMap.SAME));
  }

  private static FileName name(String name) {
    return TestVolume.name(name);
  }

  private Errno errno(TestVolume.Failing operation) {
    return volume.errno(operation);
  }

  private static Map<String, Long> list(FileSystem files, Ino directory, boolean attributes)
      throws FsException {
    Map<String, Long> entries = new TreeMap<>();
    long handle = files.openDirectory(GUEST, directory);
    files.readDirectory(
        GUEST,
        handle,
        0,
        attributes,
        (name, ino, type, cookie, known) -> {
          entries.put(new String(name, StandardCharsets.UTF_8), ino.value());
          return true;
        });
    files.releaseDirectory(handle);
    return entries;
  }

  @Test
  void readOnlyViewChangesNothing() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    Ino file = volume.file(Ino.ROOT, "f");
    FileSystem view = view(new View(true, "", IdMap.SAME, IdMap.SAME));
    MemorySegment bytes = MemorySegment.ofArray(new byte[1]);
    long handle = view.open(GUEST, file, OpenFlags.READ_ONLY);
    List<TestVolume.Failing> changes =
        List.of(
            () -> view.change(GUEST, file, AttributeChange.mode(0600), 0),
            () -> view.make(GUEST, directory, name("n"), FILE),
            () -> view.symlink(GUEST, directory, name("n"), new byte[] {'x'}),
            () -> view.link(GUEST, file, directory, name("n")),
            () -> view.unlink(GUEST, Ino.ROOT, name("f")),
            () -> view.removeDirectory(GUEST, Ino.ROOT, name("d")),
            () ->
                view.rename(GUEST, Ino.ROOT, name("f"), directory, name("n"), RenameMode.REPLACE),
            () -> view.open(GUEST, file, OpenFlags.READ_WRITE),
            () -> view.open(GUEST, file, OpenFlags.READ_ONLY | OpenFlags.TRUNCATE),
            () -> view.create(GUEST, directory, name("n"), FILE, OpenFlags.READ_ONLY),
            () -> view.create(GUEST, Ino.ROOT, name("f"), FILE, OpenFlags.WRITE_ONLY),
            () -> view.createUnnamed(GUEST, directory, FILE, OpenFlags.READ_WRITE),
            () -> view.write(GUEST, handle, 0, bytes, false),
            () -> view.append(GUEST, handle, bytes),
            () -> view.allocate(GUEST, handle, 0, 1, 0),
            () -> view.copy(GUEST, handle, 0, handle, 0, 1),
            () -> view.setExtendedAttribute(GUEST, file, XATTR, new byte[1], 0),
            () -> view.removeExtendedAttribute(GUEST, file, XATTR));
    for (int i = 0; i < changes.size(); i++) {
      assertThat(errno(changes.get(i))).as("change %d", i).isEqualTo(Errno.EROFS);
    }
    view.release(handle);
    view.release(view.create(GUEST, Ino.ROOT, name("f"), FILE, OpenFlags.READ_ONLY).handle());
  }

  @Test
  void readingThroughAReadOnlyViewChangesNoAccessTime() throws FsException {
    VolumeFileSystem files = new VolumeFileSystem(volume.engine, AccessTimePolicy.AFTER_CHANGE);
    volume.files = files;
    Ino file = volume.file(Ino.ROOT, "f");
    long handle = volume.open(file);
    volume.tick();
    volume.write(handle, 0, "text");
    volume.tick();
    FileSystem view = view(new View(true, "", IdMap.SAME, IdMap.SAME));
    MemorySegment bytes = MemorySegment.ofArray(new byte[4]);
    long seen = view.open(GUEST, file, OpenFlags.READ_ONLY);
    Attributes before = volume.attributes(file);
    assertThat(view.read(GUEST, seen, 0, bytes)).isEqualTo(4);
    assertThat(volume.attributes(file)).isEqualTo(before);
    assertThat(files.read(GUEST, handle, 0, bytes)).isEqualTo(4);
    assertThat(volume.attributes(file)).isNotEqualTo(before);
    view.release(seen);
    files.release(handle);
  }

  @Test
  void subtreeIsTheWholeWorld() throws FsException {
    Ino top = volume.directory(volume.directory(Ino.ROOT, "a"), "b");
    Ino inner = volume.directory(top, "c");
    Ino file = volume.file(inner, "f");
    FileSystem view = subtree("/a//b/");

    assertThat(view.attributes(GUEST, Ino.ROOT).ino()).isEqualTo(Ino.ROOT);
    assertThat(view.parent(GUEST, Ino.ROOT).ino()).isEqualTo(Ino.ROOT);
    assertThat(list(view, Ino.ROOT, false)).containsEntry(".", 1L).containsEntry("..", 1L);
    assertThat(view.lookup(GUEST, Ino.ROOT, name("c")).ino()).isEqualTo(inner);
    assertThat(view.parent(GUEST, inner).ino()).isEqualTo(Ino.ROOT);
    assertThat(list(view, inner, true))
        .containsEntry(".", inner.value())
        .containsEntry("..", 1L)
        .containsEntry("f", file.value());
    assertThat(view.attributes(GUEST, file).ino()).as("read with attributes").isEqualTo(file);
    Ino made = view.make(GUEST, Ino.ROOT, name("new"), FILE).ino();
    assertThat(volume.lookup(top, "new").ino()).isEqualTo(made);
    view.link(GUEST, made, inner, name("again"));
    view.rename(GUEST, Ino.ROOT, name("new"), inner, name("moved"), RenameMode.REPLACE);
    assertThat(volume.list(inner)).contains("again", "moved");
  }

  @Test
  void guessedNumbersLeadNowhere() throws FsException {
    Ino outside = volume.file(Ino.ROOT, "secret");
    Ino outer = volume.directory(Ino.ROOT, "outer");
    Ino top = volume.directory(Ino.ROOT, "top");
    Ino unseen = volume.file(top, "unseen");
    FileSystem view = subtree("top");
    Ino seen = view.make(GUEST, Ino.ROOT, name("seen"), FILE).ino();
    for (Ino guess : List.of(outside, outer, top, unseen)) {
      List<TestVolume.Failing> tries =
          List.of(
              () -> view.attributes(GUEST, guess),
              () -> view.lookup(GUEST, guess, name("x")),
              () -> view.parent(GUEST, guess),
              () -> view.change(GUEST, guess, AttributeChange.size(0), 0),
              () -> view.readLink(GUEST, guess),
              () -> view.make(GUEST, guess, name("x"), FILE),
              () -> view.symlink(GUEST, guess, name("x"), new byte[] {'y'}),
              () -> view.link(GUEST, guess, Ino.ROOT, name("x")),
              () -> view.link(GUEST, seen, guess, name("x")),
              () -> view.unlink(GUEST, guess, name("x")),
              () -> view.removeDirectory(GUEST, guess, name("x")),
              () ->
                  view.rename(
                      GUEST, Ino.ROOT, name("seen"), guess, name("x"), RenameMode.REPLACE),
              () ->
                  view.rename(
                      GUEST, guess, name("x"), Ino.ROOT, name("x"), RenameMode.EXCHANGE),
              () -> view.open(GUEST, guess, OpenFlags.READ_ONLY),
              () -> view.create(GUEST, guess, name("x"), FILE, OpenFlags.READ_WRITE),
              () -> view.createUnnamed(GUEST, guess, FILE, OpenFlags.READ_WRITE),
              () -> view.openDirectory(GUEST, guess),
              () -> view.extendedAttribute(GUEST, guess, XATTR),
              () -> view.extendedAttributes(GUEST, guess),
              () -> view.setExtendedAttribute(GUEST, guess, XATTR, new byte[1], 0),
              () -> view.removeExtendedAttribute(GUEST, guess, XATTR));
      for (int i = 0; i < tries.size(); i++) {
        assertThat(errno(tries.get(i))).as("try %d of %s", i, guess).isEqualTo(Errno.ESTALE);
      }
    }
    assertThat(list(view, Ino.ROOT, false)).as("names alone").containsKey("unseen");
    assertThat(errno(() -> view.attributes(GUEST, unseen))).isEqualTo(Errno.ESTALE);
  }

  @Test
  void parentOfWhatWasMovedOutIsNotShown() throws FsException {
    Ino top = volume.directory(Ino.ROOT, "top");
    Ino inner = volume.directory(top, "inner");
    FileSystem view = subtree("top");
    view.lookup(GUEST, Ino.ROOT, name("inner"));
    volume.files.rename(
        GUEST, top, name("inner"), Ino.ROOT, name("inner"), RenameMode.REPLACE);
    assertThat(errno(() -> view.parent(GUEST, inner))).isEqualTo(Errno.ESTALE);
    assertThat(list(view, inner, false)).containsEntry("..", 1L);
  }

  @Test
  void whatIsGoneIsForgotten() throws FsException {
    volume.directory(Ino.ROOT, "top");
    ReachableInodes reachable = ReachableInodes.inMemory();
    FileSystem view = new View(false, "top", IdMap.SAME, IdMap.SAME).of(volume.files, PastStates.NONE, reachable);
    Ino kept = view.make(GUEST, Ino.ROOT, name("kept"), FILE).ino();
    Ino gone = view.make(GUEST, Ino.ROOT, name("gone"), FILE).ino();
    view.unlink(GUEST, Ino.ROOT, name("gone"));
    view.forgotten(GUEST, kept);
    view.forgotten(GUEST, gone);
    FileSystem later = new View(false, "top", IdMap.SAME, IdMap.SAME).of(volume.files, PastStates.NONE, reachable);
    assertThat(later.attributes(GUEST, kept).ino()).isEqualTo(kept);
    assertThat(errno(() -> later.attributes(GUEST, gone))).isEqualTo(Errno.ESTALE);
  }

  @Test
  void directoryOfTheViewMustBeThere() throws FsException {
    volume.file(Ino.ROOT, "f");
    assertThat(errno(() -> subtree("/none"))).isEqualTo(Errno.ENOENT);
    assertThat(errno(() -> subtree("/f"))).isEqualTo(Errno.ENOTDIR);
    assertThat(errno(() -> subtree("/f/../x"))).isEqualTo(Errno.ENOTDIR);
    assertThat(errno(() -> subtree("/.."))).isEqualTo(Errno.EINVAL);
    assertThat(subtree("/")).isSameAs(volume.files);
  }

  @Test
  void handlesFromBeforeAreTakenUpAsTheyCouldBeOpened() throws FsException {
    Ino top = volume.directory(Ino.ROOT, "top");
    Ino inside = volume.files.make(Caller.ROOT, top, name("f"), FILE).ino();
    Ino outside = volume.file(Ino.ROOT, "f");
    long reading = volume.files.open(GUEST, inside, OpenFlags.READ_ONLY);
    long writing = volume.open(inside);
    long elsewhere = volume.open(outside);
    ReachableInodes reachable = ReachableInodes.inMemory();
    View topOnly = new View(false, "top", IdMap.SAME, IdMap.SAME);
    topOnly.of(volume.files, PastStates.NONE, reachable).lookup(GUEST, Ino.ROOT, name("f"));
    volume.reopen();
    FileSystem part = topOnly.of(volume.files, PastStates.NONE, reachable);
    part.adopt(GUEST, inside, reading, CLAIM);
    assertThat(errno(() -> part.adopt(GUEST, outside, elsewhere, CLAIM)))
        .isEqualTo(Errno.ESTALE);
    FileSystem readOnly = view(new View(true, "", IdMap.SAME, IdMap.SAME));
    assertThat(errno(() -> readOnly.adopt(GUEST, inside, writing, CLAIM)))
        .isEqualTo(Errno.EROFS);
    FileSystem mapped = mapped();
    assertThat(errno(() -> mapped.adopt(GUEST, inside, writing, CLAIM)))
        .isEqualTo(Errno.EACCES);
    part.adopt(GUEST, inside, writing, CLAIM);
    part.release(reading);
    part.release(writing);
  }

  private FileSystem mapped() throws FsException {
    IdMap uids = new IdMap(List.of(new IdRange(0, 1000, 100)));
    IdMap gids = new IdMap(List.of(new IdRange(0, 2000, 100)));
    return view(new View(false, "", uids, gids));
  }

  /** Makes the root the guest's root's, so that it may make things there. */
  private void giveRootAway() throws FsException {
    volume.files.change(
        TestVolume.USER,
        Ino.ROOT,
        new AttributeChange(null, 1000, 2000, null, null, null, null, false),
        0);
  }

  @Test
  void ownersAreMappedBothWays() throws FsException {
    giveRootAway();
    FileSystem view = mapped();
    Attributes made = view.make(GUEST, Ino.ROOT, name("f"), FILE);
    assertThat(made.uid()).isEqualTo(10);
    assertThat(made.gid()).isEqualTo(20);
    assertThat(volume.attributes(made.ino()).uid()).isEqualTo(1010);
    assertThat(volume.attributes(made.ino()).gid()).isEqualTo(2020);
    AttributeChange chown = new AttributeChange(null, 1, null, null, null, null, null, false);
    assertThat(view.change(GUEST, made.ino(), chown, 0).uid()).isEqualTo(1);
    assertThat(volume.attributes(made.ino()).uid()).isEqualTo(1001);
    AttributeChange toNobody = new AttributeChange(null, 100, null, null, null, null, null, false);
    assertThat(errno(() -> view.change(GUEST, made.ino(), toNobody, 0)))
        .isEqualTo(Errno.EOVERFLOW);
    Caller stranger = new Caller(100, 0, 1, true);
    assertThat(errno(() -> view.make(stranger, Ino.ROOT, name("g"), FILE)))
        .isEqualTo(Errno.EOVERFLOW);
    assertThat(
            errno(() -> view.create(stranger, Ino.ROOT, name("g"), FILE, OpenFlags.READ_WRITE)))
        .isEqualTo(Errno.EOVERFLOW);
  }

  @Test
  void whatBelongsToOthersCanOnlyBeRead() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    volume.file(directory, "inner");
    Ino file = volume.files.make(Caller.ROOT, Ino.ROOT, name("f"), FILE).ino();
    giveRootAway();
    FileSystem view = mapped();
    assertThat(view.lookup(GUEST, Ino.ROOT, name("f")).uid()).isEqualTo(65534);
    assertThat(errno(() -> view.open(GUEST, file, OpenFlags.READ_WRITE)))
        .isEqualTo(Errno.EACCES);
    assertThat(errno(() -> view.open(GUEST, file, OpenFlags.TRUNCATE))).isEqualTo(Errno.EACCES);
    assertThat(errno(() -> view.create(GUEST, Ino.ROOT, name("f"), FILE, OpenFlags.READ_WRITE)))
        .isEqualTo(Errno.EACCES);
    assertThat(errno(() -> view.change(GUEST, file, AttributeChange.mode(0777), 0)))
        .isEqualTo(Errno.EPERM);
    AttributeChange steal = new AttributeChange(null, 0, 0, null, null, null, null, false);
    assertThat(errno(() -> view.change(GUEST, file, steal, 0))).isEqualTo(Errno.EPERM);
    assertThat(errno(() -> view.unlink(GUEST, Ino.ROOT, name("f")))).isEqualTo(Errno.EOVERFLOW);
    assertThat(errno(() -> view.link(GUEST, file, Ino.ROOT, name("l"))))
        .isEqualTo(Errno.EOVERFLOW);
    assertThat(
            errno(
                () ->
                    view.rename(
                        GUEST, Ino.ROOT, name("f"), Ino.ROOT, name("g"), RenameMode.REPLACE)))
        .isEqualTo(Errno.EOVERFLOW);
    assertThat(errno(() -> view.setExtendedAttribute(GUEST, file, XATTR, new byte[1], 0)))
        .isEqualTo(Errno.EACCES);
    Caller owner = new Caller(0, 0, 1, true);
    volume.files.change(
        TestVolume.USER,
        directory,
        new AttributeChange(null, 0, 0, null, null, null, null, false),
        0);
    assertThat(errno(() -> view.make(owner, directory, name("n"), DIRECTORY)))
        .isEqualTo(Errno.EACCES);
    assertThat(errno(() -> view.unlink(owner, directory, name("inner")))).isEqualTo(Errno.EACCES);
    view.release(view.open(GUEST, file, OpenFlags.READ_ONLY));
  }
}
