package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.abi.Opcode;
import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes, renames and removes files in a directory of its own, one after the other, and syncs the
 * directory now and then. What is done twice fails the second time.
 */
final class NamesProgram extends Program {
  private static final int ENOENT = 2;
  private static final int NAMES = 12;

  /** A change of the directory. */
  private sealed interface Change {
    /** Makes the change and answers with what the request should. */
    int apply(Set<String> names);

    FuseRequest request(long directory);

    record Make(String name) implements Change {
      @Override
      public int apply(Set<String> names) {
        return names.add(name) ? 0 : 17;
      }

      @Override
      public FuseRequest request(long directory) {
        return new FuseRequest(Opcode.MKNOD, directory)
            .u32(0100644)
            .u32(0)
            .u32(0)
            .u32(0)
            .string(name)
            .replyBytes(128);
      }
    }

    record Remove(String name) implements Change {
      @Override
      public int apply(Set<String> names) {
        return names.remove(name) ? 0 : ENOENT;
      }

      @Override
      public FuseRequest request(long directory) {
        return new FuseRequest(Opcode.UNLINK, directory).string(name);
      }
    }

    record Rename(String name, String to) implements Change {
      @Override
      public int apply(Set<String> names) {
        if (!names.remove(name)) {
          return ENOENT;
        }
        names.add(to);
        return 0;
      }

      @Override
      public FuseRequest request(long directory) {
        return new FuseRequest(Opcode.RENAME, directory).u64(directory).string(name).string(to);
      }
    }
  }

  private final String name;
  private long directory;
  private long handle;

  /** What is there for certain, and what was done to it since. */
  private Set<String> durable = new TreeSet<>();

  private final List<Change> since = new ArrayList<>();
  private int changes;
  private int lossesTold;
  private int alarmsWithoutLoss;

  NamesProgram(Guest guest, long seed, String name) {
    super(guest, seed);
    this.name = name;
  }

  @Override
  void prepare() throws InterruptedException {
    directory = files.makeDirectory(GuestFiles.ROOT, name).node();
    FuseRequest open = new FuseRequest(Opcode.OPENDIR, directory).u32(0).u32(0).replyBytes(16);
    handle = files.ok(open).u64(0);
    files.ok(syncRequest());
  }

  private FuseRequest syncRequest() {
    return new FuseRequest(Opcode.FSYNCDIR, directory).u64(handle).u32(0).u32(0);
  }

  /** The names after the first {@code count} changes that are not certain. */
  private Set<String> after(int count) {
    Set<String> names = new TreeSet<>(durable);
    since.subList(0, count).forEach(change -> change.apply(names));
    return names;
  }

  @Override
  void step() throws InterruptedException {
    if (random.nextInt(8) == 0) {
      sync();
    } else {
      change();
    }
  }

  private Change choose(Set<String> names) {
    String any = "f" + random.nextInt(NAMES);
    if (!names.contains(any)) {
      return new Change.Make(any);
    }
    return random.nextBoolean()
        ? new Change.Remove(any)
        : new Change.Rename(any, "f" + random.nextInt(NAMES, 2 * NAMES));
  }

  private void change() throws InterruptedException {
    boolean wasClean = since.isEmpty();
    Change change = choose(after(since.size()));
    FuseAnswer answer = guest.call(change.request(directory));
    changes++;
    if (!crashed(List.of(answer))) {
      assertThat(answer.error()).as("%s: %s", name, change).isZero();
      since.add(change);
      return;
    }
    // Some of the changes before it are lost, the last ones first, and then it was made.
    Set<String> found = new TreeSet<>(files.list(directory));
    boolean lost = true;
    boolean possible = false;
    for (int kept = 0; kept <= since.size(); kept++) {
      Set<String> names = after(kept);
      if (change.apply(names) == answer.error() && names.equals(found)) {
        possible = true;
        lost = kept < since.size() && !found.equals(withAll(change));
      }
    }
    assertThat(possible)
        .as("%s: %s after %s and of %s was answered by %s and left %s",
            name, change, durable, since, answer.error(), found)
        .isTrue();
    judge(guest.call(syncRequest()), found, lost, wasClean);
  }

  private Set<String> withAll(Change change) {
    Set<String> names = after(since.size());
    change.apply(names);
    return names;
  }

  private void sync() throws InterruptedException {
    boolean wasClean = since.isEmpty();
    FuseAnswer answer = guest.call(syncRequest());
    if (!crashed(List.of(answer))) {
      assertThat(answer.error()).as("%s: sync", name).isZero();
      durable = after(since.size());
      since.clear();
      return;
    }
    Set<String> found = new TreeSet<>(files.list(directory));
    boolean possible = false;
    for (int kept = 0; kept <= since.size(); kept++) {
      possible |= after(kept).equals(found);
    }
    assertThat(possible).as("%s: %s and of %s left %s", name, durable, since, found).isTrue();
    judge(answer, found, !found.equals(after(since.size())), wasClean);
  }

  private void judge(FuseAnswer sync, Set<String> found, boolean lost, boolean whole)
      throws InterruptedException {
    if (lost) {
      assertThat(sync.error()).as("%s: sync of what lost something", name).isEqualTo(EIO);
      lossesTold++;
    } else if (whole) {
      assertThat(sync.error()).as("%s: sync of what had nothing to lose", name).isZero();
    } else if (sync.error() != 0) {
      assertThat(sync.error()).as("%s: sync", name).isEqualTo(EIO);
      alarmsWithoutLoss++;
    }
    if (sync.error() != 0) {
      assertThat(guest.call(syncRequest()).error()).as("%s: told once", name).isZero();
    }
    durable = found;
    since.clear();
  }

  @Override
  String summary() {
    return "%s: %d changes, %d losses told, %d told without"
        .formatted(name, changes, lossesTold, alarmsWithoutLoss);
  }

  @Override
  void finish() throws InterruptedException {
    assertThat(new TreeSet<>(files.list(directory))).isEqualTo(after(since.size()));
    files.ok(syncRequest());
    files.ok(new FuseRequest(Opcode.RELEASEDIR, directory).u64(handle).u32(0).u32(0).u64(0));
  }
}
