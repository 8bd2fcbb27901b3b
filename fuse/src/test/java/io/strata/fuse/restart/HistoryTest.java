package io.strata.fuse.restart;

import static io.strata.fuse.restart.Guest.O_APPEND;
import static io.strata.fuse.restart.Guest.O_EXCL;
import static io.strata.fuse.restart.Guest.O_RDWR;
import static io.strata.fuse.restart.Guest.O_TRUNC;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fuse.fake.RequestBytes;
import io.strata.fuse.restart.Guest.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Any history of a guest whose host's processes are killed in the midst of it: no sync succeeds
 * after a loss, none fails without one, and every request takes effect exactly once. {@code
 * -Dstrata.restart.tries=N} explores more of them, {@code -Dstrata.restart.seed=N} one.
 */
final class HistoryTest {
  private static final int EIO = Errno.EIO.number();
  private static final int STEPS = 150;
  private static final int NONE = 0;

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void everyHistoryIsAsIfNothingHadHappenedButWhatSyncsTell(@ForAll long anySeed)
      throws Exception {
    int tries = Integer.getInteger("strata.restart.tries", 8);
    Long chosen = Long.getLong("strata.restart.seed");
    for (int i = 0; i < (chosen == null ? tries : 1); i++) {
      long seed = chosen == null ? anySeed + i : chosen;
      System.out.println("restart histories: seed " + seed);
      try (Host host = new Host()) {
        new History(seed, host).run();
      }
    }
  }

  /**
   * A step that was taken since all before was durable.
   *
   * @param node the file that it names by its node, if it does, or {@link #NONE}
   * @param opens the file that it opens for good if it succeeds, or {@link #NONE}
   */
  @SuppressWarnings("ArrayRecordComponent") // sent again, never compared
  private record Taken(
      GuestTree.Step step, int node, int opens, byte[] request, boolean answered) {
    /** The same, sent again. */
    Taken again(GuestTree.Step does, boolean isAnswered) {
      return new Taken(does, node, opens, request, isAnswered);
    }
  }

  /** An open file as the guest knows it. */
  private static final class Handle {
    final int file;
    final long node;
    final long number;
    boolean untold;

    /** Whether a request through it may be unanswered: a kernel does not release it then. */
    boolean used;

    /** Whether what it is to be told had happened before it was opened. */
    boolean late;

    /** Whether a restart has come between: it hears of it as long as nobody has, and not after. */
    boolean forgotten;

    Handle(int file, long node, long number) {
      this.file = file;
      this.node = node;
      this.number = number;
    }
  }

  private static final class History {
    private final Random random;
    private final Host host;
    private final Guest guest;

    /** What is durable, what was done since, and what all of it comes to. */
    private GuestTree durable = new GuestTree();

    private final List<Taken> since = new ArrayList<>();
    private GuestTree now = new GuestTree();

    /** Requests that took effect for good and were never answered. */
    private final List<byte[]> done = new ArrayList<>();

    /** Requests that had no effect and were never answered: they are still to have one. */
    private final List<Taken> failed = new ArrayList<>();

    private final Map<Integer, Long> nodes = new HashMap<>();
    private final List<Handle> handles = new ArrayList<>();
    private final Set<Integer> untold = new HashSet<>();

    /** Files that were opened by requests whose handles nobody noted, and so nobody releases. */
    private final Set<Integer> held = new HashSet<>();

    private int files;

    History(long seed, Host host) {
      this.random = new Random(seed);
      this.host = host;
      this.guest = new Guest(host, "guest");
      assertThat(guest.init().errno()).isZero();
    }

    void run() throws Exception {
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      killAndGoOn();
      check();
      guest.end();
    }

    private void step() throws Exception {
      int choice = random.nextInt(100);
      if (choice < 15) {
        create();
      } else if (choice < 25) {
        openSome();
      } else if (choice < 50) {
        change();
      } else if (choice < 70) {
        changeNames();
      } else if (choice < 88) {
        sync();
      } else if (choice < 90) {
        host.volume().checkpoint();
        becomeDurable();
      } else if (choice < 93) {
        release();
      } else if (choice < 95) {
        check();
      } else if (choice < 99) {
        killAndGoOn();
      } else {
        stopAndGoOn();
      }
    }

    private String name() {
      return String.valueOf((char) ('a' + random.nextInt(6)));
    }

    private String text() {
      return Integer.toString(random.nextInt(1 << 16), 36) + ";";
    }

    private void take(RequestBytes request, GuestTree.Step step) {
      take(request, step, NONE, NONE);
    }

    /** Has a request run, and answered or not. */
    private void take(RequestBytes request, GuestTree.Step step, int node, int opens) {
      boolean answered = random.nextInt(4) != 0;
      byte[] bytes = request.toBytes();
      boolean succeeds = run(step, opens);
      if (answered) {
        assertThat(guest.call(bytes).errno() == 0).isEqualTo(succeeds);
      } else {
        guest.begin(bytes);
      }
      since.add(new Taken(step, node, opens, bytes, answered));
    }

    private boolean run(GuestTree.Step step, int opens) {
      boolean succeeds = now.run(step);
      if (succeeds) {
        held.add(opens);
      }
      return succeeds;
    }

    /** Whether a file is no more, as it has lost its last name and nobody has it open. */
    private boolean isGone(int file) {
      return file != NONE
          && !now.names.containsValue(file)
          && !held.contains(file)
          && handles.stream().noneMatch(handle -> handle.file == file);
    }

    private void create() {
      String name = name();
      int file = ++files;
      GuestTree.Step step = tree -> tree.create(name, file);
      RequestBytes request = guest.create(name, O_RDWR | O_EXCL);
      if (now.names.containsKey(name) || random.nextInt(4) == 0) {
        take(request, step, NONE, file);
        return;
      }
      Answer answer = guest.call(request);
      assertThat(answer.errno()).isZero();
      now.run(step);
      since.add(new Taken(step, NONE, NONE, request.toBytes(), true));
      nodes.put(file, answer.node());
      handles.add(new Handle(file, answer.node(), answer.createdHandle()));
    }

    private void openSome() {
      String name = name();
      Integer file = now.names.get(name);
      if (file == null || !isSettled(file)) {
        return;
      }
      long node = guest.call(guest.lookup(name)).node();
      assertThat(nodes.computeIfAbsent(file, key -> node)).isEqualTo(node);
      if (random.nextInt(4) == 0) {
        take(guest.open(node, O_RDWR | O_TRUNC), tree -> tree.truncate(file), file, file);
        return;
      }
      int flags = random.nextBoolean() ? O_RDWR | O_APPEND : O_RDWR;
      Answer answer = guest.call(guest.open(node, flags));
      assertThat(answer.errno()).isZero();
      Handle handle = new Handle(file, node, answer.handle());
      handle.untold = untold.contains(file);
      handle.late = handle.untold;
      handles.add(handle);
    }

    /** Whether a file can only be what it is: were its making run anew, it would be another. */
    private boolean isSettled(int file) {
      return nodes.containsKey(file) || durable.contents.containsKey(file);
    }

    private void change() {
      if (handles.isEmpty()) {
        return;
      }
      Handle handle = handles.get(random.nextInt(handles.size()));
      String text = text();
      int file = handle.file;
      handle.used = true;
      if (random.nextBoolean()) {
        take(
            guest.write(handle.node, handle.number, 0, text, O_RDWR | O_APPEND),
            tree -> tree.append(file, text));
      } else {
        int offset = random.nextInt(40);
        take(
            guest.write(handle.node, handle.number, offset, text, O_RDWR),
            tree -> tree.write(file, offset, text));
      }
    }

    private void changeNames() {
      String name = name();
      String to = name();
      Integer file = now.names.get(name);
      switch (random.nextInt(3)) {
        case 0 -> take(guest.unlink(name), tree -> tree.unlink(name));
        case 1 -> take(guest.rename(name, to), tree -> tree.rename(name, to));
        default -> {
          if (file != null && isSettled(file)) {
            long node = guest.call(guest.lookup(name)).node();
            take(guest.link(node, to), tree -> tree.link(file, to), file, NONE);
          }
        }
      }
    }

    private void sync() {
      if (!handles.isEmpty()) {
        sync(handles.get(random.nextInt(handles.size())));
      }
    }

    private void sync(Handle handle) {
      if (handle.forgotten && !untold.contains(handle.file)) {
        handle.untold = false;
      }
      int errno = guest.call(guest.fsync(handle.node, handle.number)).errno();
      assertThat(errno).isEqualTo(handle.untold ? EIO : 0);
      if (handle.untold) {
        handle.untold = false;
        untold.remove(handle.file);
      }
      becomeDurable();
    }

    private void becomeDurable() {
      for (Taken taken : since) {
        durable.run(taken.step);
        if (!taken.answered && durable.touched().isEmpty()) {
          failed.add(taken);
        } else if (!taken.answered) {
          done.add(taken.request);
        }
      }
      since.clear();
    }

    private void release() {
      for (Handle handle : handles) {
        if (!handle.used) {
          handles.remove(handle);
          assertThat(guest.call(guest.release(handle.node, handle.number)).errno()).isZero();
          return;
        }
      }
    }

    private void stopAndGoOn() throws Exception {
      host.stop(guest.session());
      becomeDurable();
      host.start();
      goOn(List.of());
    }

    private void killAndGoOn() throws IOException {
      GuestTree before = durable.copy();
      Set<Integer> lost = new HashSet<>();
      List<Taken> again = new ArrayList<>();
      for (Taken taken : since) {
        before.run(taken.step);
        if (taken.answered) {
          lost.addAll(before.touched());
        } else {
          again.add(taken);
        }
      }
      since.clear();
      now = durable.copy();
      host.kill();
      host.start();
      for (Handle handle : handles) {
        if (lost.contains(handle.file)) {
          handle.untold = true;
          handle.late = false;
          handle.forgotten = false;
        }
      }
      untold.addAll(lost);
      untold.retainAll(now.contents.keySet());
      goOn(again);
    }

    /** The next process is there; what was not answered comes again. */
    private void goOn(List<Taken> again) {
      guest.reconnect(host);
      for (Handle handle : handles) {
        handle.forgotten = handle.late;
      }
      for (byte[] request : List.copyOf(done)) {
        if (random.nextInt(8) == 0) {
          guest.begin(request);
          continue;
        }
        guest.call(request);
        done.remove(request);
      }
      List<Taken> both = new ArrayList<>(failed);
      failed.clear();
      both.addAll(again);
      both.forEach(this::take);
      handles.removeIf(this::isLost);
      nodes.keySet().retainAll(now.contents.keySet());
    }

    private void take(Taken taken) {
      // A file that is made anew is another one.
      untold.retainAll(now.contents.keySet());
      GuestTree.Step step = isGone(taken.node) ? tree -> false : taken.step;
      if (random.nextInt(8) == 0) {
        guest.begin(taken.request);
        run(step, taken.opens);
        since.add(taken.again(step, false));
      } else {
        boolean succeeds = run(step, taken.opens);
        assertThat(guest.call(taken.request).errno() == 0).isEqualTo(succeeds);
        since.add(taken.again(step, true));
      }
    }

    /** A file whose making was lost: its handles can only fail. */
    private boolean isLost(Handle handle) {
      if (now.contents.containsKey(handle.file)) {
        return false;
      }
      assertThat(guest.call(guest.fsync(handle.node, handle.number)).errno()).isNotZero();
      return true;
    }

    private void check() {
      for (String name : List.of("a", "b", "c", "d", "e", "f")) {
        Answer answer = guest.call(guest.lookup(name));
        Integer file = now.names.get(name);
        if (file == null) {
          assertThat(answer.errno() != 0 || answer.node() == 0).as("no %s", name).isTrue();
          continue;
        }
        assertThat(answer.errno()).as(name).isZero();
        assertThat(answer.body().getLong(40 + 8)).as("size").isEqualTo(content(file).length());
      }
      for (Handle handle : handles) {
        assertThat(guest.read(handle.node, handle.number)).isEqualTo(content(handle.file));
      }
    }

    private String content(int file) {
      return now.contents.getOrDefault(file, "");
    }
  }
}
