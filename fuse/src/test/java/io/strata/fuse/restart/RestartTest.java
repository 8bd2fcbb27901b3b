package io.strata.fuse.restart;

import static io.strata.fuse.restart.Guest.O_APPEND;
import static io.strata.fuse.restart.Guest.O_EXCL;
import static io.strata.fuse.restart.Guest.O_RDWR;
import static io.strata.fuse.restart.Guest.O_TRUNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.restart.Guest.Answer;
import io.strata.fuse.restart.Guest.Unanswered;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestartTest {
  private static final int EIO = Errno.EIO.number();
  private static final int EBADF = Errno.EBADF.number();
  private static final int ESTALE = Errno.ESTALE.number();
  private static final String LOCKS = "locks";

  private final Host host;
  private final Guest guest;

  RestartTest() throws IOException {
    host = new Host();
    guest = new Guest(host, "guest");
  }

  @BeforeEach
  void begin() {
    assertThat(guest.init().errno()).isZero();
  }

  @AfterEach
  void end() throws IOException {
    host.close();
  }

  private void killAndStart() throws IOException {
    host.kill();
    host.start();
    guest.reconnect(host);
  }

  private Answer create(String name) {
    Answer created = guest.call(guest.create(name, O_RDWR));
    assertThat(created.errno()).isZero();
    return created;
  }

  private int write(long node, long handle, String text) {
    return guest.call(guest.write(node, handle, 0, text, O_RDWR)).errno();
  }

  private int sync(long node, long handle) {
    return guest.call(guest.fsync(node, handle)).errno();
  }

  private Path companion(String name) {
    return host.volume().clients().companion(name, LOCKS).orElseThrow();
  }

  @Test
  void filesOfSnapshotsStayOpenToo() throws IOException {
    Answer created = create("file");
    write(created.node(), created.createdHandle(), "before");
    host.volume().snapshots().create("s");
    write(created.node(), created.createdHandle(), "after!");
    long all = guest.call(guest.lookup(".snapshots")).node();
    long root = guest.call(guest.lookup(all, "s")).node();
    Answer file = guest.call(guest.lookup(root, "file"));
    assertThat(file.body().getLong(16)).as("seconds of the name").isEqualTo(3600);
    Answer opened = guest.call(guest.open(file.node(), 0));
    assertThat(opened.body().getInt(8) & Flags.OPENED_KEEP_CACHE).isNotZero();
    assertThat(guest.call(guest.open(file.node(), O_RDWR)).errno())
        .isEqualTo(Errno.EROFS.number());

    killAndStart();
    assertThat(guest.read(file.node(), opened.handle())).isEqualTo("before");
    assertThat(guest.call(guest.lookup(root, "file")).node()).isEqualTo(file.node());
    assertThat(guest.call(guest.fsync(file.node(), opened.handle())).errno()).isZero();

    host.volume().snapshots().delete(List.of("s"));
    killAndStart();
    assertThat(guest.call(guest.readRequest(file.node(), opened.handle())).errno())
        .isEqualTo(Errno.ESTALE.number());
    assertThat(guest.call(guest.lookup(all, "s")).errno()).isEqualTo(Errno.ENOENT.number());
  }

  @Test
  void whatOthersRememberOfAGuestStaysAsLongAsIt() throws IOException {
    Files.writeString(companion("guest"), "its locks");
    Files.writeString(companion("nobody"), "those of a guest that never began");
    killAndStart();
    assertThat(companion("guest")).hasContent("its locks");
    assertThat(companion("nobody")).doesNotExist();
    host.volume().clients().keepOnly(Set.of());
    killAndStart();
    assertThat(companion("guest")).doesNotExist();
  }

  @Test
  void theGuestGoesOnWithItsHandles() throws IOException {
    Answer file = create("f");
    long directory = guest.call(guest.openDirectory(1)).handle();
    assertThat(write(file.node(), file.createdHandle(), "kept")).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    killAndStart();
    assertThat(guest.read(file.node(), file.createdHandle())).isEqualTo("kept");
    assertThat(write(file.node(), file.createdHandle(), "KEPT")).isZero();
    assertThat(sync(file.node(), file.createdHandle())).as("nothing was lost").isZero();
    assertThat(guest.call(guest.fsyncDirectory(1, directory)).errno()).isZero();
    assertThat(guest.call(guest.release(file.node(), file.createdHandle())).errno()).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EBADF);
  }

  @Test
  void lostWritesAreToldOnceAHandleAndOnlyThere() throws IOException {
    Answer lost = create("lost");
    Answer whole = create("whole");
    long other = guest.call(guest.open(lost.node(), O_RDWR)).handle();
    assertThat(sync(whole.node(), whole.createdHandle())).isZero();
    assertThat(write(lost.node(), lost.createdHandle(), "gone")).isZero();
    killAndStart();
    assertThat(guest.read(lost.node(), lost.createdHandle())).isEmpty();
    assertThat(sync(whole.node(), whole.createdHandle())).isZero();
    assertThat(sync(lost.node(), lost.createdHandle())).isEqualTo(EIO);
    assertThat(sync(lost.node(), lost.createdHandle())).isZero();
    killAndStart();
    assertThat(sync(lost.node(), lost.createdHandle())).as("told before").isZero();
    assertThat(sync(lost.node(), other)).isEqualTo(EIO);
    assertThat(sync(lost.node(), other)).isZero();
  }

  @Test
  void aLossIsToldToWhoeverOpensTheFileBeforeAnyoneKnows() throws IOException {
    Answer file = create("f");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    assertThat(write(file.node(), file.createdHandle(), "gone")).isZero();
    assertThat(guest.call(guest.release(file.node(), file.createdHandle())).errno()).isZero();
    killAndStart();
    long opened = guest.call(guest.open(file.node(), O_RDWR)).handle();
    assertThat(sync(file.node(), opened)).isEqualTo(EIO);
    long again = guest.call(guest.open(file.node(), O_RDWR)).handle();
    assertThat(sync(file.node(), again)).isZero();
  }

  @Test
  void losingAgainIsToldAgain() throws IOException {
    Answer file = create("f");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(write(file.node(), file.createdHandle(), "gone")).isZero();
      killAndStart();
      assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EIO);
      assertThat(sync(file.node(), file.createdHandle())).isZero();
    }
  }

  @Test
  void aSyncOfEverythingTellsToo() throws IOException {
    Answer file = create("f");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    killAndStart();
    assertThat(guest.call(guest.request(Opcode.SYNCFS, 1).u64(0)).errno()).isZero();
    assertThat(write(file.node(), file.createdHandle(), "gone")).isZero();
    killAndStart();
    assertThat(guest.call(guest.request(Opcode.SYNCFS, 1).u64(0)).errno()).isEqualTo(EIO);
    assertThat(guest.call(guest.request(Opcode.SYNCFS, 1).u64(0)).errno()).isZero();
  }

  @Test
  void whatACheckpointHoldsIsNotLost() throws IOException {
    Answer file = create("f");
    assertThat(write(file.node(), file.createdHandle(), "kept")).isZero();
    host.volume().checkpoint();
    killAndStart();
    assertThat(guest.read(file.node(), file.createdHandle())).isEqualTo("kept");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
  }

  @Test
  void withoutItsStateWhateverWasOpenForWritingIsSuspect() throws IOException {
    Answer file = create("f");
    long readOnly = guest.call(guest.open(file.node(), 0)).handle();
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    host.kill();
    try (DirectoryStream<Path> witnesses =
        Files.newDirectoryStream(host.state(), "witness-*")) {
      for (Path witness : witnesses) {
        Files.delete(witness);
      }
    }
    host.start();
    guest.reconnect(host);
    assertThat(sync(file.node(), readOnly)).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EIO);
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    long opened = guest.call(guest.open(file.node(), O_RDWR)).handle();
    assertThat(sync(file.node(), opened)).isZero();
  }

  @Test
  void forgottenLossesAreSuspected() throws IOException {
    Answer file = create("f");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    assertThat(write(file.node(), file.createdHandle(), "gone")).isZero();
    killAndStart();
    host.kill();
    Files.delete(host.state().resolve("losses"));
    host.start();
    guest.reconnect(host);
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EIO);
  }

  @Test
  void aGuestOfWhomNothingIsLeftHasToMountAnew() throws IOException {
    Answer file = create("f");
    host.kill();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(host.state())) {
      for (Path one : all) {
        Files.write(one, new byte[100]);
      }
    }
    host.start();
    guest.reconnect(host);
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EIO);
    assertThat(guest.init().errno()).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EBADF);
  }

  @Test
  void aNewBeginningDropsWhatWasOpen() throws IOException {
    Answer file = create("f");
    assertThat(guest.call(guest.unlink("f")).errno()).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    killAndStart();
    assertThat(guest.init().errno()).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EBADF);
    awaitGone(file.node());
  }

  @Test
  void filesWithoutNamesLiveAsLongAsTheirHandles() throws IOException {
    Answer before = create("before");
    Answer after = create("after");
    assertThat(write(before.node(), before.createdHandle(), "one")).isZero();
    assertThat(write(after.node(), after.createdHandle(), "two")).isZero();
    assertThat(guest.call(guest.unlink("before")).errno()).isZero();
    assertThat(sync(after.node(), after.createdHandle())).isZero();
    for (int i = 0; i < 2; i++) {
      killAndStart();
    }
    assertThat(guest.call(guest.unlink("after")).errno()).isZero();
    assertThat(guest.read(before.node(), before.createdHandle())).isEqualTo("one");
    assertThat(guest.read(after.node(), after.createdHandle())).isEqualTo("two");
    for (Answer file : List.of(before, after)) {
      assertThat(guest.call(guest.release(file.node(), file.createdHandle())).errno()).isZero();
      awaitGone(file.node());
    }
  }

  @Test
  void whoNeverComesBackKeepsNothing() throws IOException {
    Answer file = create("f");
    assertThat(guest.call(guest.unlink("f")).errno()).isZero();
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    host.kill();
    host.start();
    Guest other = new Guest(host, "other");
    assertThat(other.init().errno()).isZero();
    assertThat(other.call(other.request(Opcode.GETATTR, file.node()).u64(0).u64(0)).errno())
        .isZero();
    host.volume().clients().keepOnly(Set.of("other"));
    guest.reconnect(host);
    assertThat(guest.init().errno()).isZero();
    awaitGone(file.node());
  }

  /** It goes in the background. */
  private void awaitGone(long node) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    int errno;
    do {
      errno = guest.call(guest.request(Opcode.GETATTR, node).u64(0).u64(0)).errno();
    } while (errno == 0 && System.nanoTime() < deadline);
    assertThat(errno).isEqualTo(ESTALE);
  }

  @Test
  void oneGuestCannotUseTheHandlesOfAnother() throws IOException {
    Answer file = create("f");
    Guest other = new Guest(host, "other");
    assertThat(other.init().errno()).isZero();
    assertThat(other.call(other.fsync(file.node(), file.createdHandle())).errno())
        .isEqualTo(EBADF);
    assertThat(other.call(other.release(file.node(), file.createdHandle())).errno())
        .isEqualTo(EBADF);
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    killAndStart();
    other.reconnect(host);
    assertThat(other.call(other.fsync(file.node(), file.createdHandle())).errno())
        .isEqualTo(EBADF);
    assertThat(sync(1, file.createdHandle())).as("another inode's").isEqualTo(EBADF);
    assertThat(sync(file.node(), file.createdHandle())).isZero();
  }

  @Test
  void requestsThatTookEffectAreNotRunAgain() throws IOException {
    Answer log = guest.call(guest.create("log", O_RDWR | O_APPEND));
    Answer old = create("old");
    Answer full = create("full");
    assertThat(write(full.node(), full.createdHandle(), "full")).isZero();
    List<Unanswered> unanswered =
        List.of(
            guest.begin(guest.write(log.node(), log.createdHandle(), 0, "once ", O_APPEND)),
            guest.begin(guest.create("new", O_RDWR | O_EXCL)),
            guest.begin(guest.unlink("old")),
            guest.begin(guest.makeDirectory("dir")),
            guest.begin(guest.link(log.node(), "also")),
            guest.begin(guest.rename("also", "moved")),
            guest.begin(guest.setExtendedAttribute(log.node(), "user.a", "b")),
            guest.begin(guest.open(full.node(), O_RDWR | O_TRUNC)));
    assertThat(sync(old.node(), old.createdHandle())).isZero();
    // What comes after is not undone by what comes again.
    assertThat(write(full.node(), full.createdHandle(), "more")).isZero();
    assertThat(sync(full.node(), full.createdHandle())).isZero();
    for (int i = 0; i < 2; i++) {
      killAndStart();
      if (i == 0) {
        unanswered.forEach(request -> guest.begin(request.request()));
      }
    }
    for (Unanswered request : unanswered) {
      Answer answer = guest.call(request.request());
      assertThat(answer.errno()).isZero();
    }
    assertThat(guest.read(log.node(), log.createdHandle())).isEqualTo("once ");
    assertThat(guest.call(guest.lookup("moved")).node()).isEqualTo(log.node());
    assertThat(guest.call(guest.lookup("old")).node()).as("no entry").isZero();
    assertThat(guest.read(full.node(), full.createdHandle())).isEqualTo("more");
    Answer made = guest.call(guest.lookup("new"));
    long opened = guest.call(guest.open(made.node(), O_RDWR)).handle();
    assertThat(sync(made.node(), opened)).isZero();
  }

  @Test
  void requestsWhoseEffectIsLostAreRunAnewAndNotTakenForLosses() throws IOException {
    Answer log = guest.call(guest.create("log", O_RDWR | O_APPEND));
    assertThat(sync(log.node(), log.createdHandle())).isZero();
    Unanswered append =
        guest.begin(guest.write(log.node(), log.createdHandle(), 0, "once ", O_APPEND));
    Unanswered create = guest.begin(guest.create("new", O_RDWR | O_EXCL));
    killAndStart();
    assertThat(guest.call(append.request()).errno()).isZero();
    assertThat(guest.call(create.request()).errno()).isZero();
    assertThat(sync(log.node(), log.createdHandle())).isZero();
    assertThat(guest.read(log.node(), log.createdHandle())).isEqualTo("once ");
  }

  @Test
  void aProcessThatEndsWellLosesNothing() throws Exception {
    Answer file = create("f");
    assertThat(write(file.node(), file.createdHandle(), "kept")).isZero();
    assertThat(guest.call(guest.unlink("f")).errno()).isZero();
    host.stop(guest.session());
    host.start();
    guest.reconnect(host);
    assertThat(guest.read(file.node(), file.createdHandle())).isEqualTo("kept");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
  }

  @Test
  void aGuestMovesToAnotherHost() throws Exception {
    Answer file = create("f");
    assertThat(write(file.node(), file.createdHandle(), "kept")).isZero();
    assertThat(guest.call(guest.unlink("f")).errno()).isZero();
    byte[] saved = guest.session().save();
    host.stop(guest.session());
    host.move();
    host.volume().clients().receive("guest", saved);
    guest.reconnect(host);
    assertThat(guest.read(file.node(), file.createdHandle())).isEqualTo("kept");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    assertThat(guest.call(guest.release(file.node(), file.createdHandle())).errno()).isZero();
    awaitGone(file.node());
  }

  @Test
  void aGuestWhoseHostDiedOnTheWaySuspectsLosses() throws Exception {
    Answer file = create("f");
    assertThat(sync(file.node(), file.createdHandle())).isZero();
    byte[] saved = guest.session().save();
    host.kill();
    host.move();
    host.volume().clients().receive("guest", saved);
    guest.reconnect(host);
    assertThat(sync(file.node(), file.createdHandle())).isEqualTo(EIO);
    assertThat(sync(file.node(), file.createdHandle())).isZero();
  }

  @Test
  void onlyWholeStatesOfThisVolumeAreReceived() throws Exception {
    byte[] saved = guest.session().save();
    assertThatThrownBy(() -> host.volume().clients().receive("guest", saved))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not over");
    for (int i = 0; i < saved.length; i++) {
      byte[] damaged = saved.clone();
      damaged[i] ^= 0x55;
      assertThatThrownBy(() -> host.volume().clients().receive("guest", damaged))
          .isInstanceOf(IOException.class);
    }
    try (Host another = new Host()) {
      assertThatThrownBy(() -> another.volume().clients().receive("guest", saved))
          .hasMessageContaining("another volume");
    }
  }
}
