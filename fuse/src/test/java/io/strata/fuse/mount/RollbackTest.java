package io.strata.fuse.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.FsException;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fuse.fake.Shell;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Epoch;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A volume that goes back to a snapshot under a kernel that remembers names and attributes for an
 * hour, and holds written data back. {@code epochs} tells whether the kernel can be told to
 * look up all names anew, as from Linux 6.16 on.
 */
@Timeout(120)
class RollbackTest {
  private static final String STALE = "Stale file handle";

  /** What fsync(2) and close(2) say when the kernel could not write what it had held back. */
  private static final String LOST = "Input/output error";

  @TempDir private Path folder;
  private final Platform platform = SystemPlatform.create();
  private final MemStore bucket = new MemStore();
  private Path root = Path.of("");
  private Volume volume;
  private FuseMount mount;

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  @BeforeEach
  void format() throws IOException, FsException {
    root = Files.createDirectory(folder.resolve("mnt"));
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    mount();
  }

  private void mount() throws IOException, FsException {
    volume = Volume.open(bucket, OpenOptions.DEFAULT, platform);
    mount =
        FuseMount.mount(
            View.WHOLE.of(volume.fileSystem(), volume.past(), ReachableInodes.inMemory()),
            root,
            MountOptions.of("mem:rollback"),
            platform);
  }

  @AfterEach
  void unmount() throws IOException {
    mount.close();
    volume.close();
  }

  private String rollback(String snapshot, boolean epochs) throws IOException {
    return mount
        .replace(
            new Epoch(volume.statistics().epoch()),
            outdated -> volume.snapshots().rollback(new StatePoint.Named(snapshot), outdated),
            epochs)
        .name();
  }

  /** All that is told of each file, and its bytes. */
  private Map<String, Object> tree() throws IOException {
    return tree("unix:ino,mode,nlink,size,uid,lastModifiedTime,ctime");
  }

  private Map<String, Object> tree(String attributes) throws IOException {
    Map<String, Object> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Map<String, Object> told =
            new TreeMap<>(
                Files.readAttributes(path, attributes, LinkOption.NOFOLLOW_LINKS));
        if (Files.isSymbolicLink(path)) {
          told.put("to", Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          told.put("bytes", Arrays.hashCode(Files.readAllBytes(path)));
        }
        found.put(root.relativize(path).toString(), told);
      }
    }
    return found;
  }

  private void assertTree(Map<String, Object> expected) throws IOException {
    assertSame(expected, tree());
  }

  /** Says no more than what differs. */
  private static void assertSame(Map<String, Object> expected, Map<String, Object> found) {
    Map<String, Object> missing = new TreeMap<>(expected);
    missing.entrySet().removeAll(found.entrySet());
    Map<String, Object> surplus = new TreeMap<>(found);
    surplus.entrySet().removeAll(expected.entrySet());
    assertThat(surplus).isEqualTo(missing);
  }

  private void write(String name, int length, char fill) throws IOException {
    Files.writeString(root.resolve(name), String.valueOf(fill).repeat(length));
  }

  private void makeTree() throws IOException {
    Files.createDirectories(root.resolve("d/e"));
    write("grows", 1000, 'g');
    write("shrinks", 100_000, 's');
    write("cut", 70_000, 'c');
    write("same", 9000, '=');
    write("removed", 10, 'r');
    write("replaced", 50, 'a');
    write("d/moved", 5000, 'm');
    write("d/e/deep", 300_000, 'd');
    write("linked", 3, 'l');
    Files.createLink(root.resolve("d/link"), root.resolve("linked"));
    Files.createSymbolicLink(root.resolve("symbolic"), Path.of("grows"));
    for (int i = 0; i < 200; i++) {
      write("d/e/" + i, i, 'n');
    }
  }

  private void changeTree() throws IOException {
    write("grows", 200_000, 'G');
    write("shrinks", 10, 'S');
    try (FileChannel file = open("cut")) {
      file.truncate(5);
    }
    Files.delete(root.resolve("removed"));
    Files.createDirectory(root.resolve("removed"));
    Files.delete(root.resolve("replaced"));
    write("replaced", 7, 'b');
    Files.delete(root.resolve("linked"));
    Files.move(root.resolve("d/moved"), root.resolve("moved"));
    for (int i = 0; i < 200; i += 2) {
      Files.delete(root.resolve("d/e/" + i));
    }
    Files.move(root.resolve("d/e"), root.resolve("f"));
    Files.createDirectories(root.resolve("new/newer"));
    write("new/newer/file", 20, 'f');
    assertThat(root.resolve("absent")).doesNotExist();
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(
        root.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theKernelSeesAllFilesAsTheyWere(boolean epochs) throws Exception {
    makeTree();
    Map<String, Object> then = tree();
    volume.snapshots().create("s");
    changeTree();
    Map<String, Object> left = tree();

    String undo = rollback("s", epochs);
    assertTree(then);
    write("absent", 1, 'x');
    write("d/e/deep", 400_000, 'y');
    assertThat(Files.size(root.resolve("d/e/deep"))).isEqualTo(400_000);

    rollback(undo, epochs);
    assertTree(left);
    assertThat(root.resolve(".snapshots/s/d/e/deep")).hasSize(300_000);

    rollback("s", epochs);
    assertTree(then);
    write("shrinks", 123, 'z');
    Map<String, Object> last = tree();
    mount.close();
    volume.close();
    mount();
    assertTree(last);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOpenIsStale(boolean epochs) throws Exception {
    makeTree();
    volume.snapshots().create("s");
    changeTree();
    Map<String, Object> then;
    ByteBuffer page = ByteBuffer.allocate(4096);
    try (FileChannel same = open("same");
        FileChannel grows = open("grows");
        FileChannel unsynced = open("new/unsynced");
        DirectoryStream<Path> f = Files.newDirectoryStream(root.resolve("f"));
        DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
      unsynced.write(page.duplicate());
      grows.write(page.duplicate(), 300_000);
      Iterator<Path> names = top.iterator();
      assertThat(names.next()).isNotNull();
      assertThat(f).isInstanceOf(SecureDirectoryStream.class);

      String undo = rollback("s", epochs);
      then = tree();
      for (FileChannel file : List.of(same, grows, unsynced)) {
        assertStale(() -> file.read(page.duplicate(), 0));
        assertStale(() -> file.write(page.duplicate(), 0));
        assertStale(() -> file.truncate(1));
        assertStale(
            () -> {
              file.force(true);
              return true;
            });
      }
      SecureDirectoryStream<Path> former = (SecureDirectoryStream<Path>) f;
      assertStale(
          () -> {
            former.deleteFile(Path.of("1"));
            return true;
          });
      assertStale(
          () ->
              former.newByteChannel(
                  Path.of("x"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE)));
      names.forEachRemaining(name -> assertThat(name.getParent()).isEqualTo(root));

      Path kept = root.resolve(".snapshots").resolve(undo);
      assertThat(kept.resolve("new/unsynced")).as("written and not synced").hasSize(4096);
      assertThat(kept.resolve("grows")).hasSize(304_096);
    }
    assertTree(then);
    Shell.check(null, "sync -f " + root);
  }

  private static void assertStale(Callable<?> attempt) {
    assertThatThrownBy(attempt::call)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(STALE);
  }

  /** Of a shell whose directory is gone from its path. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoWorksInADirectoryEntersItAnew(boolean epochs) throws Exception {
    makeTree();
    volume.snapshots().create("s");
    changeTree();
    Process shell =
        Shell.start(
            root.resolve("d"),
            "echo ready; read line; ls && exit 1; echo x > y && exit 2; cd \"$PWD\"; ls -A; cd ../d/e;"
                + " ls | wc -l");
    try (var in = shell.inputReader();
        var out = shell.outputWriter()) {
      assertThat(in.readLine()).isEqualTo("ready");
      rollback("s", epochs);
      out.write("\n");
      out.flush();
      List<String> said = in.lines().toList();
      assertThat(said.subList(0, 2)).allMatch(line -> line.contains(STALE));
      assertThat(said.subList(2, said.size())).containsExactly("e", "link", "moved", "201");
      assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(shell.exitValue()).isZero();
    } finally {
      shell.destroyForcibly();
    }
  }

  /** Whoever writes through handles of before changes nothing that was restored, however fast he is. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingOfBeforeLandsInWhatWasRestored(boolean epochs) throws Exception {
    makeTree();
    Map<String, Object> then = tree();
    volume.snapshots().create("s");
    for (int round = 0; round < 4; round++) {
      changeTree();
      CountDownLatch going = new CountDownLatch(5);
      List<CompletableFuture<Integer>> writers = new ArrayList<>();
      for (String name : List.of("grows", "shrinks", "same", "f/1")) {
        writers.add(apart(() -> writeUntilStale(name, going)));
      }
      writers.add(apart(() -> churnUntilStale(going)));
      going.await();
      rollback("s", epochs);
      for (CompletableFuture<Integer> writer : writers) {
        assertThat(writer.get(60, TimeUnit.SECONDS)).isPositive();
      }
      assertTree(then);
      mount.settle();
      assertTree(then);
    }
  }

  private static <T> CompletableFuture<T> apart(Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private int writeUntilStale(String name, CountDownLatch going) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20_000);
    int writes = 0;
    try (FileChannel file = open(name)) {
      while (true) {
        file.write(bytes.duplicate(), writes % 50 * 10_000L);
        if (++writes % 10 == 0) {
          file.force(false);
        }
        if (writes == 10) {
          going.countDown();
        }
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).containsAnyOf(STALE, LOST);
    }
    return writes;
  }

  /** Makes, fills and removes files in a directory that he has open. */
  private int churnUntilStale(CountDownLatch going) throws IOException {
    int made = 0;
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(root.resolve("f"))) {
      SecureDirectoryStream<Path> directory = (SecureDirectoryStream<Path>) opened;
      while (true) {
        Path name = Path.of("churn");
        try (SeekableByteChannel file =
            directory.newByteChannel(
                name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
          file.write(ByteBuffer.allocate(100));
        }
        directory.deleteFile(name);
        if (++made == 1) {
          going.countDown();
        }
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).containsAnyOf(STALE, LOST);
    }
    return made;
  }

  /** Never a length of one state with the bytes of the other. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoOpensAFileMeanwhileFindsOneOfTheTwo(boolean epochs) throws Exception {
    write("f", 100_000, 'a');
    volume.snapshots().create("s");
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Integer> reader = apart(() -> readUntil(stop));
    for (int round = 0; round < 5; round++) {
      Path other = root.resolve("other");
      Files.writeString(other, "b".repeat(500));
      Files.move(other, root.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
      rollback("s", epochs);
      assertThat(root.resolve("f")).hasSize(100_000);
      write("f", 10, 'c');
      Files.move(root.resolve("f"), other);
      rollback("s", epochs);
      assertThat(root.resolve("f")).hasSize(100_000);
    }
    stop.set(true);
    assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
  }

  private int readUntil(AtomicBoolean stop) {
    int whole = 0;
    while (!stop.get() || whole == 0) {
      String text;
      try {
        text = new String(Files.readAllBytes(root.resolve("f")), UTF_8);
      } catch (IOException e) {
        // Of before, or it has no name just now.
        continue;
      }
      if (text.equals("a".repeat(100_000)) || text.equals("b".repeat(500))) {
        whole++;
      } else if (!text.matches("c{0,10}|a{0,99999}")) {
        throw new UncheckedIOException(new IOException("torn: " + text.length()));
      }
    }
    return whole;
  }

  /**
   * Files come, go, grow, shrink and move between, and some stay open for ever. Their times are not
   * compared: Linux may tell those of an open file before it sends its last bytes, which come later.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyStateIsFoundAgainFromAnyOther(long seed) throws Exception {
    Random random = new Random(seed);
    Map<String, Map<String, Object>> states = new TreeMap<>();
    List<FileChannel> kept = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      for (int i = 0; i < 15; i++) {
        changeAnything(random, kept);
      }
      String name = "s" + round;
      mount.settle();
      volume.snapshots().create(name);
      states.put(name, treeWithoutTimes());
      var state = List.copyOf(states.entrySet()).get(random.nextInt(states.size()));
      changeAnything(random, kept);
      Map<String, Object> before = treeWithoutTimes();
      String undo = rollback(state.getKey(), random.nextBoolean());
      assertSame(state.getValue(), treeWithoutTimes());
      if (random.nextInt(3) == 0) {
        rollback(undo, random.nextBoolean());
        assertSame(before, treeWithoutTimes());
      }
    }
    Map<String, Object> last = treeWithoutTimes();
    for (FileChannel file : kept) {
      closeAnyway(file);
    }
    mount.close();
    volume.close();
    mount();
    assertSame(last, treeWithoutTimes());
  }

  private Map<String, Object> treeWithoutTimes() throws IOException {
    return tree("unix:ino,mode,nlink,size,uid");
  }

  private void changeAnything(Random random, List<FileChannel> kept) throws IOException {
    Path one = anyPath(random);
    Path other = anyPath(random);
    try {
      switch (random.nextInt(7)) {
        case 0 -> Files.createDirectories(one);
        case 1 -> Files.move(one, other, StandardCopyOption.REPLACE_EXISTING);
        case 2 -> Files.createLink(one, other);
        case 3 -> Files.delete(one);
        case 4 -> {
          try (FileChannel file = FileChannel.open(one, StandardOpenOption.WRITE)) {
            file.truncate(random.nextInt(20_000));
          }
        }
        default -> {
          FileChannel file =
              FileChannel.open(one, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          byte[] bytes = new byte[random.nextInt(20_000)];
          random.nextBytes(bytes);
          file.write(ByteBuffer.wrap(bytes), random.nextInt(40_000));
          if (random.nextInt(4) == 0) {
            kept.add(file);
          } else {
            file.close();
          }
        }
      }
    } catch (FileSystemException e) {
      // Not there, there already, not empty, or not of that kind: whatever it came to is compared.
    }
  }

  private Path anyPath(Random random) {
    Path path = root;
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      path = path.resolve(String.valueOf((char) ('a' + random.nextInt(4))));
    }
    return path;
  }

  private static void closeAnyway(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      assertThat(e.getMessage()).containsAnyOf(STALE, LOST);
    }
  }

  /** The kernel would take away what is mounted in a directory that it has to look up anew. */
  @Test
  void whatIsMountedInsideIsNotDetached() throws Exception {
    makeTree();
    volume.snapshots().create("s");
    Path inside = root.resolve("d/e");
    Shell.check(null, "mount -t tmpfs tmpfs " + inside);
    try {
      assertThatThrownBy(() -> rollback("s", true))
          .isInstanceOf(MountException.class)
          .hasMessageContaining(inside + " is mounted in it");
      assertThat(volume.snapshots().list()).hasSize(1);
    } finally {
      Shell.check(null, "umount " + inside);
    }
    rollback("s", true);
    assertThat(volume.snapshots().list()).hasSize(2);
  }

  @Test
  void aStateThatIsNotThereLeavesEverythingAsItIs() throws Exception {
    makeTree();
    try (FileChannel file = open("same")) {
      assertThatThrownBy(() -> rollback("absent", true)).hasMessageContaining("absent");
      assertThat(file.write(ByteBuffer.allocate(10), 0)).isEqualTo(10);
      file.force(true);
    }
    assertThat(root.resolve("same")).hasSize(9000);
  }
}
