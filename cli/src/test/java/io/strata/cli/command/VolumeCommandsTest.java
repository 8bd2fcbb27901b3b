package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.output.JsonTree;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a volume in a folder that is not mounted. */
class VolumeCommandsTest {
  @TempDir private Path folder;
  private String url = "";

  @BeforeEach
  void format() {
    url = "file:" + folder.resolve("bucket");
    assertThat(Run.of("format", "--label=test", "--capacity=1GiB", url).status())
        .isEqualTo(ExitStatus.OK);
  }

  private static JsonTree json(String... args) throws IOException {
    Run run = Run.of(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitStatus.OK);
    return JsonTree.parse(run.out());
  }

  @Test
  void formatTellsWhatItMade() throws IOException {
    JsonTree made = json("format", "--json", url + "2");

    assertThat(made.names())
        .containsExactly(
            "url", "volume", "label", "created", "blockSizeBytes", "capacityBytes", "singleWriter");
    assertThat(made.text("url")).isEqualTo(url + "2");
  }

  @Test
  void formatRefusesWhatIsNotEmptyAndChangesNothing() throws IOException {
    String before = Run.of("info", "--json", url).out();

    Run run = Run.of("format", url);

    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("strata: ").contains("is a volume already");
    assertThat(Run.of("info", "--json", url).out()).isEqualTo(before);
  }

  @Test
  void dfTellsWhatIsHeldAndWhatIsGarbage() throws IOException {
    Path source = Files.write(folder.resolve("source"), new byte[300_000]);
    assertThat(Run.of("put", url, source.toString(), "/file").status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("put", url, source.toString(), "/file").status())
        .isEqualTo(ExitStatus.OK);

    JsonTree space = json("df", "--json", url);

    assertThat(space.integer("fileBytes")).isEqualTo(300_000);
    assertThat(space.integer("liveBytes")).isEqualTo(300_000);
    assertThat(space.integer("segments")).isPositive();
    assertThat(space.integer("deadObjects")).isPositive();
    assertThat(Run.of("df", url).out()).contains("kept by", "recent checkpoint");
  }

  @Test
  void gcGivesSpaceBack() throws IOException {
    Path source = folder.resolve("source");
    for (int i = 0; i < 12; i++) {
      Files.write(source, new byte[] {(byte) i});
      assertThat(Run.of("put", url, source.toString(), "/file" + i).status())
          .isEqualTo(ExitStatus.OK);
    }
    long before = json("df", "--json", url).integer("segments");

    JsonTree after = json("gc", "--json", url).tree("space");

    assertThat(before).isEqualTo(12);
    // The most recent ones are left for a while.
    assertThat(after.integer("segments")).isLessThanOrEqualTo(3);
    assertThat(after.integer("liveBytes")).isEqualTo(12);
    assertThat(Run.of("cat", url, "/file7").out()).isEqualTo("\u0007");
    assertThat(Run.of("fsck", "--data", url).status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void gcFindsWhatACrashHasLeft() throws IOException {
    Path source = Files.write(folder.resolve("source"), new byte[] {1});
    assertThat(Run.of("put", url, source.toString(), "/file").status()).isEqualTo(ExitStatus.OK);
    // As if an owner of the first epoch had stored it and been killed.
    Path bucket = folder.resolve("bucket");
    Path segment;
    try (Stream<Path> objects = Files.walk(bucket.resolve("tree"))) {
      segment = objects.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    ObjectKey left = ObjectNames.pack(Nonce.of(new Epoch(1), 77));
    Files.createDirectories(bucket.resolve(left.value()).getParent());
    Files.copy(segment, bucket.resolve(left.value()));

    assertThat(Run.of("fsck", url).out()).contains("nothing refers to object " + left.value());
    JsonTree foretold = json("gc", "--dry-run", "--json", url);
    assertThat(foretold.texts("some")).containsExactly(left.value());
    assertThat(foretold.flag("deleted")).isFalse();
    assertThat(Run.of("gc", "--dry-run", url).out()).contains("left 1 objects", left.value());
    assertThat(bucket.resolve(left.value())).exists();

    assertThat(Run.of("gc", "--now", "--dry-run", url).status()).isEqualTo(ExitStatus.USAGE);
    assertThat(bucket.resolve(left.value())).exists();

    JsonTree done = json("gc", "--now", "--json", url).tree("leftovers");
    assertThat(done.integer("objects")).isEqualTo(1);
    assertThat(done.flag("deleted")).isTrue();
    assertThat(bucket.resolve(left.value())).doesNotExist();
    assertThat(Run.of("cat", url, "/file").out()).isEqualTo("\u0001");
    assertThat(Run.of("fsck", "--data", url).out())
        .doesNotContain("nothing refers to");
  }

  @Test
  void whatIsDumpedIsLoadedAgain() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "some text");
    assertThat(Run.of("put", url, source.toString(), "/file").status()).isEqualTo(ExitStatus.OK);
    Path dump = folder.resolve("dump");

    JsonTree made = json("dump", "--json", "-o", dump.toString(), url);
    assertThat(made.tree("lines").integer("inodes")).isEqualTo(2);
    assertThat(made.integer("bytes")).isEqualTo(Files.size(dump));
    assertThat(Run.of("dump", url).out()).isEqualTo(Files.readString(dump));

    source = Files.writeString(source, "another text");
    assertThat(Run.of("put", url, source.toString(), "/file").status()).isEqualTo(ExitStatus.OK);
    JsonTree loaded = json("load", "--json", dump.toString(), url);
    assertThat(loaded.text("undo")).startsWith("before-repair-");
    assertThat(Run.of("cat", url, "/file").out()).isEqualTo("some text");
    assertThat(Run.of("snapshot", "rollback", url, loaded.text("undo")).status())
        .isEqualTo(ExitStatus.OK);
    assertThat(Run.of("cat", url, "/file").out()).isEqualTo("another text");

    Files.writeString(dump, Files.readString(dump).replaceFirst("\"ino\":1,", "\"ino\":x,"));
    Run broken = Run.of("load", dump.toString(), url);
    assertThat(broken.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(broken.err()).startsWith("strata: line 2: it is no JSON").hasLineCount(1);
    assertThat(Run.of("dump", url, "never").err()).contains("no state never is kept");
  }

  @Test
  void copyMakesTheSameVolumeElsewhere() throws IOException {
    Path source = Files.write(folder.resolve("source"), new byte[] {1, 2, 3});
    assertThat(Run.of("put", url, source.toString(), "/file").status()).isEqualTo(ExitStatus.OK);

    JsonTree copy = json("copy", "--verify", "--json", url, url + "2");

    assertThat(copy.flag("inUse")).isFalse();
    assertThat(copy.integer("copied")).isPositive();
    assertThat(Run.of("cat", url + "2", "/file").out()).isEqualTo("\u0001\u0002\u0003");
    assertThat(Run.of("fsck", "--data", url + "2").status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("copy", url, url + "2").err()).contains("there is a volume already");
  }

  @Test
  void infoTellsTheVolume() throws IOException {
    JsonTree info = json("info", "--json", url);

    assertThat(info.text("label")).isEqualTo("test");
    assertThat(info.integer("capacityBytes")).isEqualTo(1 << 30);
    assertThat(info.tree("head").integer("number")).isEqualTo(1);
    assertThat(info.tree("head").text("state")).isEqualTo("closed");
    assertThat(Run.of("info", url).out()).contains("label       test").contains("1.0 GiB");
  }

  @Test
  void thereIsNoVolume() {
    String nowhere = "file:" + folder.resolve("nowhere");
    for (String command : new String[] {"info", "ls"}) {
      Run run = Run.of(command, nowhere);

      assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.NOT_READABLE);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).startsWith("strata: ").contains("no volume").contains("nowhere");
    }
  }

  @Test
  void whatIsPutCanBeListedReadAndGot() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "some text\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-02T03:04:05.678Z")));

    assertThat(Run.of("put", url, file.toString(), "copy").status()).isEqualTo(ExitStatus.OK);

    JsonTree entry = json("ls", "--json", url).trees("entries").getFirst();
    assertThat(entry.text("name")).isEqualTo("copy");
    assertThat(entry.text("type")).isEqualTo("regular");
    assertThat(entry.integer("sizeBytes")).isEqualTo(10);
    assertThat(entry.text("modified")).isEqualTo("2020-01-02T03:04:05.678Z");
    assertThat(Run.of("ls", url).out()).isEqualTo("copy\n");
    assertThat(Run.of("ls", "-l", url).out()).contains("-rw-r--r--").contains("copy");
    assertThat(Run.of("cat", url, "copy", "/copy").out()).isEqualTo("some text\nsome text\n");
    Path got = folder.resolve("got");
    assertThat(Run.of("get", url, "copy", got.toString()).status()).isEqualTo(ExitStatus.OK);
    assertThat(got).hasContent("some text\n");
    assertThat(Files.getLastModifiedTime(got)).isEqualTo(Files.getLastModifiedTime(file));
  }

  @Test
  void aTreeGoesInAndOut() throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree/a/b"));
    Files.writeString(tree.resolve("file"), "deep");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../b/file"));
    Path top = folder.resolve("tree");

    assertThat(Run.of("put", url, top.toString(), "t").err()).contains("--recursive");
    assertThat(Run.of("put", "--recursive", url, top.toString(), "t").status())
        .isEqualTo(ExitStatus.OK);

    assertThat(Run.of("cat", url, "t/a/b/link").out()).isEqualTo("deep");
    assertThat(Run.of("cat", url, "t/a/../a/b/../b/file").out()).isEqualTo("deep");
    Path got = folder.resolve("got");
    assertThat(Run.of("get", "-r", url, "t", got.toString()).status()).isEqualTo(ExitStatus.OK);
    assertThat(got.resolve("a/b/file")).hasContent("deep");
    assertThat(Files.readSymbolicLink(got.resolve("a/b/link"))).isEqualTo(Path.of("../b/file"));
  }

  @Test
  void aMissingFileIsNamed() {
    Run run = Run.of("cat", url, "a/b");

    assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.err()).isEqualTo("strata: ENOENT: no such directory: a in a/b\n");
    assertThat(Run.of("cat", url, "a").err())
        .isEqualTo("strata: ENOENT: no such file in the volume: a\n");
  }

  @Test
  void checkpointsAreListed() throws IOException {
    assertThat(json("checkpoint", "list", "--json", url).trees("checkpoints"))
        .extracting(each -> each.integer("head"))
        .containsExactly(1L);
    assertThat(Run.of("checkpoint", "list", url).out()).startsWith("head ");
  }

  @Test
  void fsckFindsItClean() throws IOException {
    JsonTree result = json("fsck", "--json", "--data", url);

    assertThat(result.flag("clean")).isTrue();
    assertThat(result.tree("counts").integer("inodes")).isEqualTo(1);
    assertThat(Run.of("fsck", url).out()).endsWith("clean\n");
  }

  @Test
  void fsckNamesADamagedObject() throws IOException {
    Path head = folder.resolve("bucket/head/0000000000000001");
    byte[] bytes = Files.readAllBytes(head);
    bytes[bytes.length / 2] ^= 1;
    Files.write(head, bytes);

    Run run = Run.of("fsck", url);

    assertThat(run.status()).isNotEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("head/0000000000000001");
    Run info = Run.of("info", url);
    assertThat(info.status()).isEqualTo(ExitStatus.NOT_READABLE);
    assertThat(info.err().lines()).hasSize(1);
    assertThat(info.err()).contains("head/0000000000000001");
  }

  @Test
  void fsckRepairsAndKeepsWhatWasBefore() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content");
    assertThat(Run.of("put", url, file.toString(), "file").status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("fsck", "--repair", url).status()).isZero();
    Path segment;
    try (Stream<Path> objects = Files.walk(folder.resolve("bucket/seg"))) {
      segment = objects.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Files.delete(segment);
    Run checked = Run.of("fsck", url);
    assertThat(checked.status()).isEqualTo(4);
    assertThat(checked.out()).contains("--repair: makes holes of them and lists the file");

    Run repaired = Run.of("fsck", "--repair", url);

    assertThat(repaired.status()).isEqualTo(1);
    assertThat(repaired.out())
        .contains("/file (inode", "loses 7 bytes between 0 and 7", "snapshot before-repair-");
    assertThat(Run.of("fsck", "--data", url).status()).isZero();
    assertThat(Run.of("cat", url, "file").out()).isEqualTo("\0".repeat(7));
    assertThat(Run.of("snapshot", "list", url).out()).contains("before-repair-");
    assertThat(json("fsck", "--json", "--repair", url).flag("repaired")).isFalse();
  }

  @Test
  void fsckRebuildsOnlyWhenItRepairs() {
    Run run = Run.of("fsck", "--rebuild", url);
    assertThat(run.status()).isEqualTo(16);
    assertThat(run.err()).contains("need --repair");
  }

  @Test
  void fsckOfNothingFailsAsE2fsckDoes() {
    assertThat(Run.of("fsck", "file:" + folder.resolve("nowhere")).status()).isEqualTo(8);
    assertThat(Run.of("fsck").status()).isEqualTo(16);
  }

  @Test
  void aVolumeThatIsNotMountedHasNoDaemon() {
    Map<String, String> variables = Map.of("STRATA_RUNTIME_DIR", folder.resolve("run").toString());
    Run stats = Run.of(variables, "stats", url);
    Run umount = Run.of(variables, "umount", folder.toString());

    assertThat(stats.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(stats.err()).contains(url + " is not mounted here");
    assertThat(umount.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(umount.err()).contains("no volume is mounted on " + folder);
  }

  @Test
  void aWrongUrlIsExplained() {
    for (String wrong : new String[] {"ftp://host/x", "bucket", "file:relative"}) {
      Run run = Run.of("info", wrong);

      assertThat(run.status()).as(wrong).isIn(ExitStatus.USAGE, ExitStatus.STORE);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err()).startsWith("strata: ").contains(wrong);
    }
  }

  @Test
  void snapshotsAreMadeListedAndDeletedWithoutADaemon() throws IOException {
    JsonTree made = json("snapshot", "create", "--json", url, "before upgrade");
    assertThat(made.text("name")).isEqualTo("before upgrade");
    assertThat(Run.of("snapshot", "create", url, "second").out())
        .matches("snapshot second is head \\d+\\R");

    JsonTree list = json("snapshot", "list", "--json", url);
    assertThat(list.trees("snapshots"))
        .extracting(each -> each.text("name"))
        .containsExactly("before upgrade", "second");
    assertThat(list.trees("snapshots").getFirst().integer("head"))
        .isEqualTo(made.integer("head"));

    Run taken = Run.of("snapshot", "create", url, "second");
    assertThat(taken.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(taken.err()).contains("already");
    assertThat(Run.of("snapshot", "create", url, "12").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(Run.of("snapshot", "delete", url, "second", "third").err())
        .contains("no snapshot third");

    assertThat(Run.of("snapshot", "delete", url, "second", "before upgrade").status())
        .isEqualTo(ExitStatus.OK);
    assertThat(Run.of("snapshot", "list", url).out().lines()).hasSize(1);
    assertThat(Run.of("fsck", "--data", url).status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void aCloneIsMadeKeptForMadeWholeAndItsParentDestroyed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "shared\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("snapshot", "create", url, "then");
    Files.writeString(file, "later\n");
    Run.of("put", url, file.toString(), "f");
    String clone = "file:" + folder.resolve("a clone");

    JsonTree made = json("snapshot", "clone", "--json", url + "@then", clone);
    assertThat(made.text("url")).isEqualTo(clone);
    String kept = made.tree("snapshot").text("name");
    assertThat(Run.of("cat", clone, "f").out()).isEqualTo("shared\n");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("later\n");
    assertThat(json("df", "--json", clone).integer("sharedBytes")).isPositive();
    assertThat(Run.of("snapshot", "list", url).out()).contains(kept, "../a clone");
    assertThat(Run.of("snapshot", "delete", url, kept).err()).contains("gc --whole");
    assertThat(Run.of("snapshot", "clone", url, clone).err()).contains("is a volume already");
    assertThat(Run.of("snapshot", "clone", url, "mem:elsewhere").err())
        .contains("not in the same bucket");
    assertThat(Run.of("destroy", url).status()).isEqualTo(ExitStatus.USAGE);
    assertThat(Run.of("destroy", "--yes", url).err()).contains("a clone");

    assertThat(Run.of("gc", "--whole", clone).status()).isEqualTo(ExitStatus.OK);
    assertThat(json("df", "--json", clone).integer("sharedBytes")).isZero();
    assertThat(Run.of("destroy", "--yes", url).status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("cat", clone, "f").out()).isEqualTo("shared\n");
    assertThat(Run.of("fsck", "--data", clone).status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void aStateIsLookedAtByItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before\n");
    Run.of("put", url, file.toString(), "f");
    long head = json("snapshot", "create", "--json", url, "then").integer("head");
    Files.writeString(file, "after\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("put", url, file.toString(), "g");

    assertThat(Run.of("cat", "--at=then", url, "f").out()).isEqualTo("before\n");
    assertThat(Run.of("cat", "--at=" + head, url, "f").out()).isEqualTo("before\n");
    assertThat(Run.of("ls", "--at", "then", url).out()).isEqualTo("f\n");
    assertThat(Run.of("get", "--at=then", url, "f", file.toString()).status())
        .isEqualTo(ExitStatus.OK);
    assertThat(file).hasContent("before\n");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("after\n");

    Run never = Run.of("ls", "--at=never", url);
    assertThat(never.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(never.err()).contains("no snapshot never");
    assertThat(Run.of("ls", "--at=.x", url).status()).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aVolumeGoesBackToWhatItWasAndForthAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("snapshot", "create", url, "then");
    Files.writeString(file, "after\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("put", url, file.toString(), "g");

    JsonTree told = json("snapshot", "rollback", "--json", url, "then");
    assertThat(told.text("to")).isEqualTo("then");
    assertThat(Run.of("ls", url).out()).isEqualTo("f\n");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("before\n");
    String left = told.tree("left").text("name");
    assertThat(Run.of("snapshot", "rollback", url, left).out()).contains("before-rollback-");
    assertThat(Run.of("cat", url, "f", "g").out()).isEqualTo("after\nafter\n");
    assertThat(Run.of("fsck", "--data", url).status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("snapshot", "rollback", url, "00000001/2").err()).contains("log entry");
  }

  @Test
  void diffTellsWhatIsNotAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("put", url, file.toString(), "g");
    Run.of("snapshot", "create", url, "then");
    Files.writeString(file, "afterwards\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("put", url, file.toString(), "h");

    assertThat(Run.of("diff", url, "then").out().lines())
        .containsExactly(
            "changed   /f  7 B > 11 B  data, size, times, replaced",
            "added     /h  11 B",
            "1 added (11 B), 1 changed (7 B before, 11 B after)");
    Run.of("snapshot", "create", url, "now");
    List<String> lines =
        Run.of("snapshot", "diff", "--json", url, "now", "then").out().lines().toList();
    assertThat(lines).hasSize(3);
    JsonTree changed = JsonTree.parse(lines.getFirst());
    assertThat(changed.text("change")).isEqualTo("changed");
    assertThat(changed.text("path")).isEqualTo("/f");
    assertThat(changed.integer("sizeBytesBefore")).isEqualTo(11);
    assertThat(changed.texts("aspects")).contains("data", "size");
    assertThat(JsonTree.parse(lines.getLast()).tree("summary").integer("removed")).isEqualTo(1);
    assertThat(Run.of("diff", url, "now", "now").out()).isEqualTo("no difference\n");
    assertThat(Run.of("diff", url, "never").err()).contains("no snapshot never");
  }

  @Test
  void theScheduleIsTheVolumes() throws IOException {
    assertThat(Run.of("snapshot", "schedule", url).out()).startsWith("no snapshots");
    assertThat(Run.of("snapshot", "schedule", url, "60m:24, 1d:7").out())
        .isEqualTo("schedule 1h:24,1d:7\n");
    assertThat(json("snapshot", "schedule", "--json", url).text("schedule"))
        .isEqualTo("1h:24,1d:7");
    assertThat(Run.of("snapshot", "list", url).out()).contains("schedule 1h:24,1d:7");
    assertThat(json("snapshot", "list", "--json", url).text("schedule"))
        .isEqualTo("1h:24,1d:7");
    assertThat(Run.of("fsck", url).status()).isEqualTo(ExitStatus.OK);

    for (String wrong : List.of("1h", "1s:5", "1h:501", "1h:0", "x:5")) {
      assertThat(Run.of("snapshot", "schedule", url, wrong).status())
          .as(wrong)
          .isEqualTo(ExitStatus.USAGE);
    }
    assertThat(Run.of("snapshot", "schedule", "--off", url, "1h:5").status())
        .isEqualTo(ExitStatus.USAGE);
    assertThat(Run.of("snapshot", "schedule", "--off", url).status()).isEqualTo(ExitStatus.OK);
    assertThat(Run.of("snapshot", "schedule", url).out()).startsWith("no snapshots");
  }

  @Test
  void recoverListsStatesAndCopiesFilesOutOfThem() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before\n");
    Run.of("put", url, file.toString(), "f");
    Run.of("snapshot", "create", url, "then");
    Files.writeString(file, "after\n");
    Run.of("put", url, file.toString(), "f");

    JsonTree list = json("recover", "--log", "--json", url);
    JsonTree kept =
        list.trees("heads").stream()
            .filter(each -> each.texts("snapshots").contains("then"))
            .findAny()
            .orElseThrow();
    assertThat(kept.integer("inodes")).isEqualTo(2);
    assertThat(list.trees("logEntries")).isNotEmpty();
    JsonTree entry = list.trees("logEntries").getFirst();
    assertThat(entry.integer("operations")).isPositive();
    assertThat(Run.of("ls", "--at=" + entry.text("entry"), url).status())
        .isEqualTo(ExitStatus.OK);
    assertThat(Run.of("recover", "--log", url).out()).contains("then").contains("log entry");
    List<JsonTree> all = list.trees("logEntries");
    JsonTree page = json("recover", "--log", "--log-max=1", "--json", url);
    assertThat(page.trees("logEntries")).hasSize(1);
    if (all.size() > 1) {
      assertThat(page.text("nextEntry")).isEqualTo(all.get(1).text("entry"));
    }
    String last = all.getLast().text("entry");
    assertThat(json("recover", "--log-from=" + last, "--json", url).trees("logEntries"))
        .extracting(each -> each.text("entry"))
        .containsExactly(last);
    assertThat(Run.of("recover", "--log-from=x", url).status()).isEqualTo(ExitStatus.USAGE);

    Path copy = folder.resolve("copy");
    assertThat(
            Run.of("recover", "--to=then", "--path=/f", "--into=" + copy, url).status())
        .isEqualTo(ExitStatus.OK);
    assertThat(copy).hasContent("before\n");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("after\n");
    assertThat(Run.of("recover", "--path=/f", url).status()).isEqualTo(ExitStatus.USAGE);

    assertThat(Run.of("recover", "--to=then", url).out()).contains("before-rollback-");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("before\n");
    assertThat(Run.of("recover", "--to=" + last, url).out()).contains("before-rollback-");
    assertThat(Run.of("cat", url, "f").out()).isEqualTo("after\n");
    assertThat(Run.of("fsck", "--data", url).status()).isEqualTo(ExitStatus.OK);
  }
}
