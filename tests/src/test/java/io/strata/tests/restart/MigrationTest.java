package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Mapping;
import io.strata.tests.vmm.FrontEnd;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.GuestRam;
import io.strata.tests.vmm.ServeProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that moves, as live migration does it, from one daemon to another on the same volume. */
final class MigrationTest {
  private static final int PAGE = 4096;
  private static final GuestOptions OPTIONS = GuestOptions.standard().withQueues(1, 128, 8);

  private static final byte[] TEXT = "not synced".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void whatIsOpenMovesToAnotherDaemon() throws Exception {
    String url = "file:" + folder.resolve("bucket");
    Path log = folder.resolve("log");
    Path from = folder.resolve("from");
    Path to = folder.resolve("to");
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    try (ServeProcess source = serve(log, url, from);
        Guest guest = new Guest(OPTIONS)) {
      guest.reconnect(from);
      GuestFiles files = new GuestFiles(guest);
      files.init();
      GuestFiles.File named = files.create(GuestFiles.ROOT, "named");
      files.write(named, 0, TEXT);
      GuestFiles.File unnamed = files.create(GuestFiles.ROOT, "unnamed");
      files.write(unnamed, 0, TEXT);
      files.unlink(GuestFiles.ROOT, "unnamed");

      byte[] state = guest.depart();
      assertThat(source.stop()).as(source.log()).isZero();
      try (ServeProcess target = serve(log, url, to, "--incoming")) {
        guest.arrive(to, state);
        assertThat(files.read(named, 0, PAGE)).as(target.log()).isEqualTo(TEXT);
        assertThat(files.read(unnamed, 0, PAGE)).as(target.log()).isEqualTo(TEXT);
        files.write(named, PAGE, TEXT);
        files.sync(named);
        files.release(named);
        files.release(unnamed);
        guest.hangUp();
        assertThat(target.stop()).as(target.log()).isZero();
      }
      assertThat(ServeProcess.run(log, "fsck", "--data", url)).as(source.log()).isZero();
    }
  }

  @Test
  void pagesThatTheDeviceWritesAreLogged() throws Exception {
    String url = "file:" + folder.resolve("bucket");
    Path output = folder.resolve("log");
    Path socket = folder.resolve("socket");
    assertThat(ServeProcess.run(output, "format", url)).isZero();
    try (ServeProcess daemon = serve(output, url, socket);
        Guest guest = new Guest(OPTIONS)) {
      guest.reconnect(socket);
      GuestFiles files = new GuestFiles(guest);
      files.init();
      // A bit for each page from guest address 0 to the end of the first region.
      long pages = (GuestRam.LOW + guest.ram().regions().getFirst().bytes()) / PAGE;
      long bytes = Math.ceilDiv(pages, 64L) * 8;
      try (Descriptor file = Descriptor.memory("strata-log", bytes);
          Mapping mapping = Mapping.shared(file, 0, bytes)) {
        FrontEnd frontEnd = guest.frontEnd();
        frontEnd.log(file, bytes);
        byte[] before = guest.ram().regions().getFirst().memory().toArray(ValueLayout.JAVA_BYTE);
        files.attributes(GuestFiles.ROOT);
        guest.pause();
        MemorySegment now = guest.ram().regions().getFirst().memory();
        int changed = 0;
        long used = guest.queues().get(1).ring().addresses().used();
        assertThat(marked(mapping, used)).as(daemon.log()).isTrue();
        for (int page = 0; page < now.byteSize() / PAGE; page++) {
          long at = (long) page * PAGE;
          MemorySegment then = MemorySegment.ofArray(before).asSlice(at, PAGE);
          boolean differs = now.asSlice(at, PAGE).mismatch(then) >= 0;
          boolean isAnswer = differs && marked(mapping, GuestRam.LOW + at);
          changed += isAnswer ? 1 : 0;
        }
        assertThat(changed).as("pages that were written and are marked").isGreaterThan(1);
      }
    }
  }

  private static ServeProcess serve(Path log, String url, Path socket, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--volume", url, "--socket", socket.toString()));
    arguments.addAll(List.of(more));
    return ServeProcess.start(log, arguments.toArray(String[]::new));
  }

  private static boolean marked(Mapping log, long guestAddress) {
    long page = guestAddress / PAGE;
    return (log.memory().get(ValueLayout.JAVA_BYTE, page / 8) >> page % 8 & 1) != 0;
  }
}
