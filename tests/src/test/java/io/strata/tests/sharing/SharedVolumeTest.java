package io.strata.tests.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fuse.abi.Opcode;
import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestError;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestFiles.File;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.ServeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One guest that has the whole volume, and one that has a directory of it. */
final class SharedVolumeTest {
  private static final int EXCLUSIVE = 1;
  private static final int UNLOCKED = 2;

  private final Path folder;
  private final Path log;
  private final String url;
  private final Path wholeSocket;
  private final Path partSocket;
  private ServeProcess daemon;
  private Guest whole;
  private Guest part;
  private GuestFiles wholeFiles;
  private GuestFiles partFiles;

  SharedVolumeTest(@TempDir Path folder) {
    this.folder = folder;
    this.log = folder.resolve("log");
    this.url = "file:" + folder.resolve("bucket");
    this.wholeSocket = folder.resolve("whole");
    this.partSocket = folder.resolve("part");
  }

  @BeforeEach
  void begin() throws Exception {
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    daemon = ServeProcess.start(log, "--volume", url, "--socket", wholeSocket.toString());
    try (Guest first = new Guest(GuestOptions.standard())) {
      first.reconnect(wholeSocket);
      GuestFiles files = new GuestFiles(first);
      files.init();
      files.makeDirectory(GuestFiles.ROOT, "part");
    }
    assertThat(daemon.stop()).as(daemon.log()).isZero();
    daemon = serve();
    whole = new Guest(GuestOptions.standard());
    part = new Guest(GuestOptions.standard());
    connect();
    wholeFiles = new GuestFiles(whole);
    partFiles = new GuestFiles(part);
    wholeFiles.init();
    partFiles.init();
  }

  private ServeProcess serve() throws IOException {
    return ServeProcess.start(
        log,
        "--volume",
        url,
        "--state-dir",
        folder.resolve("state").toString(),
        "--cache=never",
        "--socket",
        wholeSocket.toString(),
        "--socket",
        partSocket + ",subdir=/part");
  }

  private void connect() throws Exception {
    whole.reconnect(wholeSocket);
    part.reconnect(partSocket);
  }

  @AfterEach
  void end() throws IOException {
    part.close();
    whole.close();
    daemon.close();
  }

  private static FuseRequest lock(Opcode opcode, File file, int type) {
    return new FuseRequest(opcode, file.node())
        .u64(file.handle())
        .u64(1)
        .u64(0)
        .u64(9)
        .u32(type)
        .u32(1)
        .u32(0)
        .u32(0);
  }

  private static int set(Guest guest, File file, int type) throws InterruptedException {
    return guest.call(lock(Opcode.SETLK, file, type)).error();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void bothSeeAndLockTheSameAlsoAfterTheDaemonWasKilled() throws Exception {
    int refused = Errno.EAGAIN.number();
    File inPart = partFiles.create(GuestFiles.ROOT, "f");
    partFiles.write(inPart, 0, "from the part".getBytes(StandardCharsets.US_ASCII));
    long directory = wholeFiles.lookup(GuestFiles.ROOT, "part").node();
    File inWhole = wholeFiles.open(wholeFiles.lookup(directory, "f").node());
    assertThat(text(wholeFiles.read(inWhole, 0, 100))).isEqualTo("from the part");
    File secret = wholeFiles.create(GuestFiles.ROOT, "secret");
    wholeFiles.sync(secret);

    assertThat(set(whole, inWhole, EXCLUSIVE)).isZero();
    assertThat(set(part, inPart, EXCLUSIVE)).isEqualTo(refused);
    CompletableFuture<FuseAnswer> waiting = part.send(lock(Opcode.SETLKW, inPart, EXCLUSIVE));
    assertUnknownToPart(secret);

    daemon.kill();
    daemon = serve();
    connect();

    assertUnknownToPart(secret);
    assertThat(partFiles.attributes(inPart.node()).size()).isEqualTo(13);
    assertThat(text(partFiles.read(inPart, 0, 100))).isEqualTo("from the part");
    File third = partFiles.open(inPart.node());
    assertThat(set(part, third, EXCLUSIVE)).as("held by a guest from before").isEqualTo(refused);
    assertThat(waiting).isNotDone();
    assertThat(set(whole, inWhole, UNLOCKED)).isZero();
    assertThat(part.await(waiting).error()).as("the one that waited").isZero();
    assertThat(set(whole, inWhole, EXCLUSIVE)).isEqualTo(refused);
    assertThat(daemon.stop()).as(daemon.log()).isZero();
    assertThat(ServeProcess.run(log, "fsck", "--data", url)).as(daemon.log()).isZero();
  }

  private void assertUnknownToPart(File secret) {
    assertThatThrownBy(() -> partFiles.attributes(secret.node()))
        .isInstanceOfSatisfying(
            GuestError.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE.number()));
    assertThatThrownBy(() -> partFiles.read(secret, 0, 1)).isInstanceOf(GuestError.class);
  }
}
