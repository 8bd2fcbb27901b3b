package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.Caller;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.Destruction;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.fs.volume.VolumeSpace;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Volumes in one bucket that are cloned from one another, each with what it must be. */
final class CloneFamily implements AutoCloseable {
  /** Heads, and the ends of logs of former epochs, which stay however much is live. */
  private static final int CONSTANT_BYTES = 64 << 10;

  private final SplittableRandom random;
  private final ManualClock clock;
  private final Platform platform;
  private final MemStore bucket = new MemStore();
  private final List<Member> members = new ArrayList<>();
  private int made;

  /** A volume that is open, and its model. */
  final class Member {
    private final String name;
    private final MemStore place;
    private final @Nullable Member parent;
    private final ModelTree model;
    private final Map<String, String> left = new TreeMap<>();
    private Line line;
    private Volume volume;

    Member(String name, @Nullable Member parent, ModelTree model) throws IOException {
      this.name = name;
      this.place = bucket.elsewhere(new Place("../" + name));
      this.parent = parent;
      this.model = model;
      this.line = new Line(place);
      if (parent == null) {
        Volume.format(place, FormatOptions.DEFAULT, platform);
      }
      this.volume = Volume.open(line, CrashRun.options(), platform);
    }

    void apply(Step step) throws IOException {
      String before = model.text();
      boolean rollback = step instanceof Step.Rollback;
      new VolumeSteps(volume).apply(step);
      model.apply(step);
      if (rollback && !model.text().equals(before)) {
        left.put(volume.snapshots().list().getLast().name(), before);
      }
    }

    /** The process is killed, after all was made durable, perhaps while it collects garbage. */
    void kill() throws Exception {
      volume.fileSystem().syncAll(Caller.ROOT);
      if (random.nextBoolean()) {
        dieCollecting(random.nextInt(60));
      }
      line.cutAfter(0);
      volume.abandon();
      line = new Line(place);
      volume = Volume.open(line, CrashRun.options(), platform);
    }

    /** It may wait for ever for what a dead store does not take: it ends because it is killed. */
    private void dieCollecting(int requests) throws InterruptedException {
      line.cutAfter(requests);
      CompletableFuture<IOException> failed = new CompletableFuture<>();
      Thread collecting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      volume.collectGarbage(looked -> {});
                    } catch (IOException told) {
                      failed.complete(told);
                    }
                  });
      while (collecting.isAlive() && !line.isCut()) {
        Thread.sleep(1);
      }
      assertThat(line.isCut() || !failed.isDone()).as("%s: %s", name, failed).isTrue();
      volume.abandon();
      collecting.join();
    }

    void check(String what) throws Exception {
      assertThat(TreeText.of(volume.fileSystem())).as("%s: %s", what, name).isEqualTo(model.text());
      Map<String, String> expected = new TreeMap<>(model.snapshots());
      expected.putAll(left);
      for (NamedSnapshot each : volume.snapshots().list()) {
        String known = expected.remove(each.name());
        if (each.keptFor() == null) {
          String text = text(each.name());
          if (known != null) {
            assertThat(text).as("%s: %s of %s", what, each.name(), name).isEqualTo(known);
          }
        }
      }
      assertThat(expected).as("%s: snapshots of %s", what, name).isEmpty();
      follow(what);
      requireClean(what, place);
      if (random.nextInt(4) == 0) {
        copy(what + ", copied");
      }
    }

    /** A copy in another store is the same volume, and stays so when it has let go of all else. */
    private void copy(String what) throws Exception {
      MemStore copy = new MemStore();
      VolumeCopy.copy(place, copy, true, (objects, bytes) -> {}, platform);
      requireClean(what, copy);
      try (Volume alone = Volume.open(copy, CrashRun.options(), platform)) {
        assertThat(TreeText.of(alone.fileSystem()))
            .as("%s: %s", what, name)
            .isEqualTo(model.text());
        for (NamedSnapshot each : alone.snapshots().list()) {
          if (each.keptFor() == null) {
            assertThat(text(copy, each.name()))
                .as("%s: %s of %s", what, each.name(), name)
                .isEqualTo(text(each.name()));
          }
          alone.snapshots().delete(List.of(each.name()));
        }
        alone.collectGarbage(looked -> {});
      }
      requireClean(what + ", collected", copy);
      try (Volume alone = Volume.open(copy, CrashRun.options(), platform)) {
        assertThat(TreeText.of(alone.fileSystem()))
            .as("%s: %s, collected", what, name)
            .isEqualTo(model.text());
      }
    }

    private void requireClean(String what, MemStore store) throws Exception {
      FsckReport report =
          Fsck.check(store, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), platform);
      assertThat(report.errors() + report.warnings())
          .as("%s: fsck of %s: %s", what, name, report.findings())
          .isZero();
    }

    private void follow(String what) throws Exception {
      volume.fileSystem().syncAll(Caller.ROOT);
      try (Volume seen =
          Volume.follow(place, CrashRun.options(), Duration.ofMillis(100), platform)) {
        assertThat(TreeText.of(seen.fileSystem()))
            .as("%s: a follower of %s", what, name)
            .isEqualTo(model.text());
      }
    }

    private String text(String snapshot) throws Exception {
      return text(place, snapshot);
    }

    private String text(MemStore store, String snapshot) throws Exception {
      try (Volume past =
          Volume.at(store, new StatePoint.Named(snapshot), CrashRun.options(), platform)) {
        return TreeText.of(past.fileSystem());
      }
    }

    private List<Member> children() {
      return members.stream().filter(member -> member.parent == this).toList();
    }

    /** What it takes, for who looks for a fault. */
    String space() throws IOException {
      Map<String, Long> kinds = new TreeMap<>();
      for (ObjectKey key : place.keys()) {
        String kind = key.value().replaceAll("/.*", "");
        kinds.merge(kind, place.head(key).orElse(0L), Long::sum);
      }
      return volume.space() + " " + kinds;
    }

    /** What its files and its tree take, compressed as they are, if there is no garbage. */
    double liveBytes() throws IOException {
      VolumeSpace space = volume.space();
      double live = (double) space.liveBytes() / Math.max(1, space.logicalBytes());
      return space.segmentBytes() * live + space.packBytes() + CONSTANT_BYTES;
    }

    /** Lets the snapshots go that no clone needs any more. */
    private void forgetClones() throws IOException {
      for (NamedSnapshot each : volume.snapshots().list()) {
        if (each.keptFor() != null) {
          try {
            volume.snapshots().delete(List.of(each.name()));
          } catch (VolumeException e) {
            assertThat(e.reason()).isEqualTo(VolumeException.Reason.REFUSED);
          }
        }
      }
    }

    /** Makes it whole, if its snapshots allow. */
    void gather() throws IOException {
      try {
        volume.gather();
      } catch (VolumeException e) {
        assertThat(e.reason()).as("%s: %s", name, e).isEqualTo(VolumeException.Reason.REFUSED);
        if (volume.snapshots().list().isEmpty()) {
          // Something was being written; it says to do it again.
          volume.gather();
        }
      }
    }

    /** Lets all snapshots go that it may let go. */
    void forgetAll() throws IOException {
      for (NamedSnapshot each : volume.snapshots().list()) {
        try {
          volume.snapshots().delete(List.of(each.name()));
          model.apply(new Step.Forget(each.name()));
          left.remove(each.name());
        } catch (VolumeException e) {
          assertThat(e.reason()).isEqualTo(VolumeException.Reason.REFUSED);
        }
      }
    }
  }

  /** The way of one process to the store; it can be cut. */
  private static final class Line extends InterceptingStore {
    private volatile int left = Integer.MAX_VALUE;

    Line(ObjectStore below) {
      super(below);
    }

    void cutAfter(int requests) {
      left = requests;
    }

    boolean isCut() {
      return left <= 0;
    }

    @Override
    protected synchronized <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
        throws StoreException {
      if (isCut()) {
        throw new StoreException.Refused("the process was killed", null);
      }
      left -= left == Integer.MAX_VALUE ? 0 : 1;
      return request.send();
    }
  }

  CloneFamily(SplittableRandom random, ManualClock clock, Platform platform) throws IOException {
    this.random = random;
    this.clock = clock;
    this.platform = platform;
    members.add(new Member("v0", null, new ModelTree()));
  }

  Member any() {
    return members.get(random.nextInt(members.size()));
  }

  int size() {
    return members.size();
  }

  /** Clones what a volume is or a snapshot of it; sometimes the first attempt is killed. */
  void cloneOf(Member parent) throws Exception {
    List<String> snapshots = new ArrayList<>(parent.model.snapshots().keySet());
    String snapshot =
        snapshots.isEmpty() || random.nextBoolean()
            ? null
            : snapshots.get(random.nextInt(snapshots.size()));
    String name = "v" + ++made;
    Line dying = new Line(parent.place);
    if (random.nextInt(3) == 0) {
      dying.cutAfter(random.nextInt(12));
    }
    try {
      make(parent, dying, name, snapshot);
    } catch (IOException e) {
      assertThat(dying.isCut()).as("%s: %s", name, e).isTrue();
      parent.volume.collectGarbage(looked -> {});
      try {
        make(parent, parent.place, name, snapshot);
      } catch (VolumeException finished) {
        assertThat(finished.reason()).isEqualTo(VolumeException.Reason.OCCUPIED);
      }
    }
    members.add(new Member(name, parent, parent.model.cloned(snapshot)));
  }

  private void make(Member parent, ObjectStore store, String name, @Nullable String snapshot)
      throws IOException {
    Cloning cloning =
        Cloning.begin(
            store, new Place("../" + name), new Place("../" + parent.name), null, platform);
    parent
        .volume
        .snapshots()
        .keepFor(cloning.neighbour(), snapshot == null ? null : new StatePoint.Named(snapshot));
    cloning.finish();
  }

  /** Destroys a volume unless clones need it; sometimes the first attempt is killed. */
  boolean destroy(Member member) throws Exception {
    member.volume.close();
    Line dying = new Line(member.place);
    if (random.nextInt(3) == 0) {
      dying.cutAfter(random.nextInt(20));
    }
    try {
      destroy(dying);
    } catch (VolumeException e) {
      assertThat(e.reason()).as("%s", e).isEqualTo(VolumeException.Reason.REFUSED);
      assertThat(member.children()).as(member.name).isNotEmpty();
      member.volume = Volume.open(member.line, CrashRun.options(), platform);
      return false;
    } catch (IOException e) {
      assertThat(dying.isCut()).as("%s: %s", member.name, e).isTrue();
      try {
        destroy(member.place);
      } catch (VolumeException again) {
        if (again.reason() == VolumeException.Reason.REFUSED) {
          member.volume = Volume.open(member.line, CrashRun.options(), platform);
          return false;
        }
        assertThat(again.reason()).isEqualTo(VolumeException.Reason.ABSENT);
      }
    }
    assertThat(member.place.keys()).isEmpty();
    members.remove(member);
    if (member.parent != null && members.contains(member.parent)) {
      member.parent.forgetClones();
    }
    return true;
  }

  private void destroy(ObjectStore store) throws IOException {
    Destruction.destroy(store, CrashRun.options(), false, gone -> {}, platform);
  }

  void check(String what) throws Exception {
    for (Member member : members) {
      member.check(what);
    }
  }

  /** Leaves one volume without snapshots, and of what was deleted nothing. */
  void leaveOnly(Member survivor) throws Exception {
    List<Member> others = new ArrayList<>(members.reversed());
    others.remove(survivor);
    for (Member other : others) {
      if (!isAncestor(other, survivor)) {
        assertThat(destroy(other)).as(other.name).isTrue();
      }
    }
    survivor.forgetAll();
    survivor.gather();
    for (Member other : others) {
      if (members.contains(other)) {
        assertThat(destroy(other)).as(other.name).isTrue();
      }
    }
    for (int i = 0; i < 6; i++) {
      clock.advance(Duration.ofHours(25));
      survivor.apply(new Step.MakeFile("settle" + i));
      survivor.apply(new Step.Remove("settle" + i));
      survivor.volume.collectGarbage(looked -> {});
    }
  }

  private static boolean isAncestor(Member old, Member young) {
    Member parent = young.parent;
    return parent != null && (parent == old || isAncestor(old, parent));
  }

  /** What all places of the bucket hold. */
  long storedBytes() throws StoreException {
    long bytes = 0;
    Map<String, MemStore> places = new HashMap<>();
    for (int i = 0; i <= made; i++) {
      places.put("v" + i, bucket.elsewhere(new Place("../v" + i)));
    }
    for (MemStore place : places.values()) {
      for (ObjectKey key : place.keys()) {
        bytes += place.head(key).orElse(0L);
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    for (Member member : members) {
      member.volume.abandon();
    }
  }
}
