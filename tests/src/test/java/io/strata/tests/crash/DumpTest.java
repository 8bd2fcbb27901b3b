package io.strata.tests.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.FsException;
import io.strata.fs.Outdated;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.dump.BadDump;
import io.strata.fsck.dump.Dump;
import io.strata.fsck.dump.Load;
import io.strata.fsck.dump.LoadOptions;
import io.strata.fsck.dump.LoadReport;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is dumped is what is loaded; and what is no dump changes nothing. */
class DumpTest {
  private static final int STEPS = 80;

  @TempDir private Path folder;
  private final CrashRun run = new CrashRun(7);

  /** A volume after a history; its owner was killed at its end if {@code killed}. */
  private MemStore volume(long seed, boolean killed) throws Exception {
    List<Step> steps = new ArrayList<>(Workload.snapshotSteps(seed, STEPS));
    steps.add(new Step.MakeFile("last"));
    steps.add(new Step.Write("last", 0, 100_000, seed));
    steps.add(new Step.Sync());
    if (!killed) {
      return run.run(run.format(), steps, 0, Fault.PASS).bucket();
    }
    long requests = run.run(run.format(), steps, 0, Fault.PASS).requests();
    return run.run(run.format(), steps, requests - 2, Fault.CRASH_BEFORE).bucket();
  }

  private String dump(MemStore bucket, @Nullable String state) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dump.write(bucket, state, out, FsckOptions.DEFAULT, lines -> {}, run.platform());
    return out.toString(UTF_8);
  }

  private LoadReport load(String dump, ObjectStore bucket) throws Exception {
    return load(dump, bucket, false);
  }

  private LoadReport load(String dump, ObjectStore bucket, boolean edited) throws Exception {
    Path file = Files.writeString(folder.resolve("dump"), dump);
    LoadOptions options =
        new LoadOptions(FsckOptions.DEFAULT.withData(true), edited, true, lines -> {});
    return Load.load(file, bucket, options, run.platform());
  }

  /** The lines that are about files and segments. */
  private static List<String> content(String dump) {
    return dump.lines()
        .filter(line -> !line.matches("\\{\"type\":\"(strata-dump|snapshot|end)\".*"))
        .toList();
  }

  private String text(MemStore bucket) throws IOException, FsException {
    try (Volume volume =
        Volume.open(bucket, CrashRun.options().withReadOnly(true), run.platform())) {
      return TreeText.of(volume.fileSystem());
    }
  }

  private void fsck(String what, MemStore bucket) throws Exception {
    FsckReport report =
        Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), run.platform());
    assertThat(report.errors()).as("%s: fsck %s", what, report.findings()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1,false", "2,true", "3,false", "4,true", "5,true"})
  void whatIsLoadedIsWhatWasDumped(long seed, boolean killed) throws Exception {
    MemStore bucket = volume(seed, killed);
    String files = text(bucket);
    String dumped = dump(bucket, null);

    // What happens after the dump is what loading undoes.
    List<Step> later = Workload.snapshotSteps(~seed, 20);
    MemStore changed = run.run(bucket.copy(), later, 0, Fault.PASS).bucket();
    String changedFiles = text(changed);
    LoadReport report = load(dumped, changed);

    assertThat(report.after().errors()).as("%s", report.after().findings()).isZero();
    assertThat(text(changed)).isEqualTo(files);
    if (!killed) {
      assertThat(content(dump(changed, null))).isEqualTo(content(dumped));
    }
    String undo = String.valueOf(report.undo());
    assertThat(content(dump(changed, undo))).isNotEmpty();
    try (Volume past =
        Volume.at(changed, StatePoint.parse(undo), CrashRun.options(), run.platform())) {
      assertThat(TreeText.of(past.fileSystem())).as("what was before").isEqualTo(changedFiles);
    }
    undone(changed.copy(), undo, changedFiles);
    collected(changed, undo, files);
  }

  /** Loading can be undone. */
  private void undone(MemStore bucket, String undo, String before) throws Exception {
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
      volume.snapshots().rollback(StatePoint.parse(undo), Outdated.NOBODY);
    }
    assertThat(text(bucket)).isEqualTo(before);
    fsck("undone", bucket);
  }

  /** Once the way back is given up, what it kept goes, and nothing else. */
  private void collected(MemStore bucket, String undo, String files) throws Exception {
    try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
      volume.snapshots().delete(List.of(undo));
      volume.collectGarbage(looked -> {});
    }
    assertThat(text(bucket)).isEqualTo(files);
    fsck("collected", bucket);
  }

  @Test
  void aStateThatIsKeptIsDumpedAsItWas() throws Exception {
    MemStore bucket = run.format();
    List<Step> steps =
        List.of(
            new Step.MakeFile("a"),
            new Step.Write("a", 0, 50_000, 1),
            new Step.Snapshot("then"),
            new Step.Remove("a"));
    bucket = run.run(bucket, steps, 0, Fault.PASS).bucket();
    assertThat(content(dump(bucket, null))).noneMatch(line -> line.contains("\"name\":\"a\""));
    String then = dump(bucket, "then");
    assertThat(content(then)).anyMatch(line -> line.contains("\"name\":\"a\""));
    load(then, bucket);
    assertThat(content(dump(bucket, null))).isEqualTo(content(then));
    MemStore same = bucket;
    assertThatThrownBy(() -> dump(same, "never"))
        .isInstanceOf(BadDump.class)
        .hasMessageContaining("no state never is kept");
  }

  @Test
  void aVolumeComesBackWhenOnlyItsSegmentsAreLeft() throws Exception {
    MemStore bucket = volume(11, false);
    String files = text(bucket);
    String dumped = dump(bucket, null);
    List<ObjectKey> lost = new ArrayList<>(bucket.keys());
    lost.removeIf(key -> key.value().startsWith(ObjectNames.SEGMENTS));
    bucket.delete(lost);

    LoadReport report = load(dumped, bucket);

    assertThat(report.undo()).isNull();
    assertThat(report.after().errors()).as("%s", report.after().findings()).isZero();
    assertThat(text(bucket)).isEqualTo(files);
    assertThat(content(dump(bucket, null))).isEqualTo(content(dumped));
    run.run(bucket, List.of(new Step.MakeFile("new"), new Step.Collect()), 0, Fault.PASS);
    fsck("used", bucket);
  }

  /** Its segments are at two places; loaded where it was, and over a copy that has all at one. */
  @Test
  void aCloneThatSharesIsDumpedAndLoaded() throws Exception {
    ClonePair pair =
        ClonePair.after(run, Workload.snapshotSteps(31, STEPS))
            .childDoes(
                List.of(
                    new Step.Snapshot("as cloned"),
                    new Step.MakeFile("own"),
                    new Step.Write("own", 0, 100_000, 32),
                    new Step.Sync()));
    String parentFiles = text(pair.parent());
    String files = text(pair.child());
    String dumped = dump(pair.child(), null);
    String asCloned = dump(pair.child(), "as cloned");
    MemStore copied = new MemStore();
    VolumeCopy.copy(pair.child(), copied, true, (objects, bytes) -> {}, run.platform());

    for (MemStore bucket : List.of(pair.child(), copied)) {
      run.run(bucket, Workload.snapshotSteps(33, 20), 0, Fault.PASS);
      String changedFiles = text(bucket);
      load(asCloned, bucket);
      assertThat(text(bucket)).isEqualTo(parentFiles);
      assertThat(content(dump(bucket, null))).isEqualTo(content(asCloned));
      LoadReport report = load(dumped, bucket);
      assertThat(report.after().errors()).as("%s", report.after().findings()).isZero();
      assertThat(text(bucket)).isEqualTo(files);
      assertThat(content(dump(bucket, null))).isEqualTo(content(dumped));
      fsck("loaded", bucket);
      try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
        for (NamedSnapshot each : volume.snapshots().list()) {
          volume.snapshots().delete(List.of(each.name()));
        }
        volume.collectGarbage(looked -> {});
      }
      assertThat(changedFiles).isNotEqualTo(files);
      assertThat(text(bucket)).isEqualTo(files);
      fsck("collected", bucket);
    }
    assertThat(text(pair.parent())).isEqualTo(parentFiles);
    fsck("the parent", pair.parent());
  }

  @Test
  void whatLacksSegmentsIsRefusedByTheirNames() throws Exception {
    MemStore bucket = volume(12, false);
    String dumped = dump(bucket, null);
    ObjectKey lost =
        bucket.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .filter(key -> dumped.contains(key.value().substring(7)))
            .findFirst()
            .orElseThrow();
    bucket.delete(List.of(lost));
    unchanged(
        bucket,
        () ->
            assertThatThrownBy(() -> load(dumped, bucket))
                .isInstanceOf(BadDump.class)
                .hasMessageContaining(lost.value())
                .hasMessageContaining("lacks 1 of"));
    MemStore other = new CrashRun(8).format();
    unchanged(
        other,
        () ->
            assertThatThrownBy(() -> load(dumped, other))
                .isInstanceOf(BadDump.class)
                .hasMessageContaining("the dump is of volume"));
  }

  /** Something that must not change a bucket. */
  private interface Attempt {
    void run() throws Exception;
  }

  private static void unchanged(MemStore bucket, Attempt attempt) throws Exception {
    List<ObjectKey> before = bucket.keys();
    attempt.run();
    assertThat(bucket.keys()).isEqualTo(before);
  }

  /** A load may die anywhere, and is run again. */
  @Test
  void aLoadThatIsKilledAnywhereChangedNothingOrAll() throws Exception {
    MemStore bucket = volume(21, false);
    String dumped = dump(bucket, null);
    String files = text(bucket);
    MemStore changed =
        run.run(bucket, Workload.snapshotSteps(22, 20), 0, Fault.PASS).bucket();
    String changedFiles = text(changed);
    FaultStore counting = new FaultStore(changed.copy(), request -> Fault.PASS);
    load(dumped, counting);
    for (long at = 1; at <= counting.requests(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        MemStore target = changed.copy();
        long chosen = at;
        Thread loading = Thread.currentThread();
        FaultStore dying =
            new FaultStore(
                target,
                request -> {
                  if (request.sequence() != chosen) {
                    return Fault.PASS;
                  }
                  // Or it would try again until the store is there.
                  loading.interrupt();
                  return fault;
                });
        try {
          load(dumped, dying);
        } catch (IOException | InterruptedException crashed) {
          assertThat(dying.crashed()).as("%s", crashed).isTrue();
        } finally {
          assertThat(Thread.interrupted() || dying.crashed()).isTrue();
        }
        String what = fault.kind() + " at request " + at;
        assertThat(text(target)).as(what).isIn(files, changedFiles);
        fsck(what, target);
        load(dumped, target);
        assertThat(text(target)).as(what).isEqualTo(files);
        fsck(what + ", again", target);
      }
    }
  }

  /** Lines that are changed, and what is said of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type\":\"inode | type\":\"node | unknown type node",
        "\"ino\":1, | \"ino\":\"1\", | ino is not a number",
        "\"ino\":1, | \"ino\":0, | no such inode number",
        "\"ino\":1, | \"ino\":1.5, | neither a string nor a whole number",
        "\"ino\":1, | \"ino\":99999999999999999999999, | greater than any number",
        "\"ino\":1, | | ino is missing",
        "\"ino\":1, | \"ino\":1,\"ino\":1, | Duplicate field",
        "\"ino\":1, | \"ino\":1,\"more\":[1], | more is neither",
        "\"ino\":1, | \"ino\":1,\"more\":1, | unknown field more",
        "\"links\": | \"links\":5000000000,\"x\": | no number of 32 bits",
        "\"mode\":\"04 | \"mode\":\"09 | mode is not octal",
        "\"mode\":\"04 | \"mode\":\"03 | no such file type",
        "\"size\": | \"size\":-1,\"y\": | no such inode",
        "\"parent\":1 | \"parent\":1}} | it is no JSON",
        "\"accessed\":\" | \"accessed\":\"x | no time in seconds",
        "\"length\": | \"length\":99999999999,\"z\": | no such extent",
        "\"offset\":0 | \"offset\":9223372036854775807 | no such extent",
        "\"segment\":\"0 | \"segment\":\"x | is no nonce",
        "\"segment\":\"00000002- | \"segment\":\"00700002- | later epoch than the dump",
        "\"kind\":\"regular | \"kind\":\"irregular | no such kind of file",
        "\"name\":\"a\" | \"name\":\"a/b\" | name",
        "\"name\":\"a\" | \"name64\":\"!\" | is not Base64",
        "\"name\":\"a\" | \"name\":\"z\" | order of dumps",
        "version\":1 | version\":2 | version 2 of the format",
        "volume\":\" | volume\":\"x | UUID",
        "\"allocated\":70000 | \"allocated\":69999 | wrong-attribute",
        "\"size\":70000,\"allocated\":70000 | \"size\":60000,\"allocated\":70000"
            + " | extent-beyond-end",
        "\"links\":1,\"uid\":0,\"gid\":0,\"size\":70000"
            + " | \"links\":2,\"uid\":0,\"gid\":0,\"size\":70000 | wrong-link-count"
      })
  void whatIsWrongIsToldByItsLine(String from, @Nullable String to, String told) throws Exception {
    MemStore bucket = example();
    String dumped = dump(bucket, null);
    List<String> lines = new ArrayList<>(dumped.lines().toList());
    int at = 0;
    while (!lines.get(at).contains(from)) {
      at++;
    }
    lines.set(at, lines.get(at).replace(from, to == null ? "" : to));
    String broken = String.join("\n", lines) + "\n";
    unchanged(
        bucket,
        () ->
            assertThatThrownBy(() -> load(broken, bucket, true))
                .isInstanceOf(BadDump.class)
                .hasMessageContaining("line ")
                .hasMessageContaining(told));
    // And by the checksum, whatever else is found.
    unchanged(
        bucket,
        () -> assertThatThrownBy(() -> load(broken, bucket)).isInstanceOf(BadDump.class));
  }

  private MemStore example() throws Exception {
    return run.run(
            run.format(),
            List.of(
                new Step.MakeDirectory("p"),
                new Step.MakeDirectory("p/q"),
                new Step.MakeFile("a"),
                new Step.MakeFile("b"),
                new Step.Write("a", 0, 70_000, 3)),
            0,
            Fault.PASS)
        .bucket();
  }

  @Test
  void aRingOfDirectoriesIsRefused() throws Exception {
    MemStore bucket = example();
    String dumped = dump(bucket, null);
    List<String> lines = new ArrayList<>(dumped.lines().toList());
    String inner = field(line(lines, "\"name\":\"q\""), "ino");
    String outer = field(line(lines, "\"name\":\"p\""), "ino");
    // The outer one is in the inner one now, and in no other.
    String name = line(lines, "\"name\":\"p\"");
    lines.remove(name);
    String moved = name.replace("\"directory\":1,", "\"directory\":" + inner + ",");
    int behind = lines.indexOf(line(lines, "\"type\":\"inode\",\"ino\":" + inner)) + 1;
    lines.add(behind, moved);
    String broken = String.join("\n", lines) + "\n";
    unchanged(
        bucket,
        () ->
            assertThatThrownBy(() -> load(broken, bucket, true))
                .isInstanceOf(BadDump.class)
                .hasMessageMatching("(?s)line \\d+: .*"));
    assertThat(outer).isNotEqualTo(inner);
  }

  private static String line(List<String> lines, String part) {
    return lines.stream().filter(each -> each.contains(part)).findFirst().orElseThrow();
  }

  private static String field(String line, String name) {
    return line.replaceAll(".*\"" + name + "\":(\\d+).*", "$1");
  }

  /** Bytes that are changed, lines that are lost, moved and doubled: always told, never loaded. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noDamageIsLoaded(long seed) throws Exception {
    MemStore bucket = example();
    String dumped = dump(bucket, null);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 150; i++) {
      String broken = damage(dumped, random);
      if (!broken.equals(dumped)) {
        unchanged(
            bucket,
            () ->
                assertThatThrownBy(() -> load(broken, bucket))
                    .as(broken)
                    .isInstanceOf(BadDump.class));
      }
    }
  }

  private static String damage(String dump, SplittableRandom random) {
    List<String> lines = new ArrayList<>(dump.lines().toList());
    int at = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(other, lines.get(at));
      case 2 -> lines.set(at, lines.set(other, lines.get(at)));
      case 3 -> {
        return dump.substring(0, random.nextInt(dump.length() - 1));
      }
      case 4 -> {
        StringBuilder changed = new StringBuilder(dump);
        int where = random.nextInt(dump.length());
        changed.setCharAt(where, (char) (changed.charAt(where) ^ 1 << random.nextInt(7)));
        return changed.toString();
      }
      default -> lines.set(at, lines.get(at).replace("1", "9"));
    }
    return String.join("\n", lines) + "\n";
  }
}
