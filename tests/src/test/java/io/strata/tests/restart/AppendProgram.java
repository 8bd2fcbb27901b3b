package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Appends numbered records to a log, several at a time, and syncs now and then. What is done twice
 * would show twice.
 */
final class AppendProgram extends Program {
  private static final int RECORD_BYTES = 64;
  private static final int RECORDS_MAX = 1500;

  private final String name;
  private GuestFiles.File file = new GuestFiles.File(0, 0);
  private final Set<Long> durable = new HashSet<>();
  private final Set<Long> written = new HashSet<>();
  private long last;
  private int lossesTold;
  private int alarmsWithoutLoss;

  AppendProgram(Guest guest, long seed, String name) {
    super(guest, seed);
    this.name = name;
  }

  @Override
  void prepare() throws InterruptedException {
    file = files.create(GuestFiles.ROOT, name);
    files.sync(file);
  }

  private static byte[] record(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES);
    while (bytes.hasRemaining()) {
      bytes.putLong(number);
    }
    return bytes.array();
  }

  @Override
  void step() throws InterruptedException {
    if (random.nextInt(6) == 0) {
      sync();
    } else {
      append();
    }
  }

  private void append() throws InterruptedException {
    boolean wasClean = durable.equals(written);
    List<Long> numbers = new ArrayList<>();
    List<FuseRequest> requests = new ArrayList<>();
    int count = random.nextInt(1, 7);
    for (int i = 0; i < count; i++) {
      numbers.add(++last);
      requests.add(GuestFiles.writeRequest(file, 0, record(last), 02000));
    }
    List<FuseAnswer> answers = all(requests);
    assertThat(answers).as("%s: appends", name).allMatch(answer -> answer.error() == 0);
    written.addAll(numbers);
    int before = connection();
    if (!crashed(answers)) {
      return;
    }
    boolean whole = wasClean;
    Set<Long> found = look();
    for (int i = 0; i < count; i++) {
      boolean after = answers.get(i).connection() > before;
      whole &= after;
      assertThat(!after || found.contains(numbers.get(i)))
          .as("%s: record %d that the new daemon wrote is there", name, numbers.get(i))
          .isTrue();
    }
    judge(guest.call(GuestFiles.syncRequest(file)), found, whole);
  }

  /** Which records are there: all that must be, and no others than may be. */
  private Set<Long> look() throws InterruptedException {
    Set<Long> found = records();
    assertThat(found).as(name).containsAll(durable);
    assertThat(written).as(name).containsAll(found);
    return found;
  }

  /** Which records are there, each once and whole. */
  private Set<Long> records() throws InterruptedException {
    byte[] bytes = files.read(file, 0, 1 << 17);
    assertThat(bytes.length % RECORD_BYTES).as("%s: part of a record", name).isZero();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Set<Long> found = new HashSet<>();
    for (int at = 0; at < bytes.length; at += RECORD_BYTES) {
      long number = in.getLong(at);
      byte[] content = new byte[RECORD_BYTES];
      in.get(at, content);
      assertThat(content).as("%s: record %d", name, number).isEqualTo(record(number));
      assertThat(found.add(number)).as("%s: record %d is there once", name, number).isTrue();
    }
    return found;
  }

  private void judge(FuseAnswer sync, Set<Long> found, boolean whole)
      throws InterruptedException {
    if (!found.equals(written)) {
      assertThat(sync.error()).as("%s: sync of what lost something", name).isEqualTo(EIO);
      lossesTold++;
    } else if (whole) {
      assertThat(sync.error()).as("%s: sync of what had nothing to lose", name).isZero();
    } else if (sync.error() != 0) {
      assertThat(sync.error()).as("%s: sync", name).isEqualTo(EIO);
      alarmsWithoutLoss++;
    }
    if (sync.error() != 0) {
      FuseAnswer second = guest.call(GuestFiles.syncRequest(file));
      assertThat(second.error()).as("%s: told once", name).isZero();
    }
    written.retainAll(found);
    durable.addAll(written);
  }

  private void sync() throws InterruptedException {
    boolean wasClean = durable.equals(written);
    FuseAnswer answer = guest.call(GuestFiles.syncRequest(file));
    if (crashed(List.of(answer))) {
      judge(answer, look(), wasClean);
      return;
    }
    assertThat(answer.error()).as("%s: sync", name).isZero();
    durable.addAll(written);
    if (written.size() > RECORDS_MAX) {
      startOver();
    }
  }

  /** Empties the log, which is synced, and syncs that too. */
  private void startOver() throws InterruptedException {
    Set<Long> all = Set.copyOf(written);
    FuseAnswer truncation = guest.call(GuestFiles.truncateRequest(file.node(), 0));
    assertThat(truncation.error()).as("%s: truncate", name).isZero();
    written.clear();
    durable.clear();
    if (crashed(List.of(truncation))) {
      judge(guest.call(GuestFiles.syncRequest(file)), records(), true);
      return;
    }
    FuseAnswer sync = guest.call(GuestFiles.syncRequest(file));
    if (!crashed(List.of(sync))) {
      assertThat(sync.error()).as("%s: sync", name).isZero();
      return;
    }
    Set<Long> found = records();
    assertThat(found.isEmpty() || found.equals(all)).as("%s: %s", name, found).isTrue();
    judge(sync, found, false);
    written.addAll(found);
    durable.addAll(found);
  }

  @Override
  String summary() {
    return "%s: %d records, %d losses told, %d told without"
        .formatted(name, last, lossesTold, alarmsWithoutLoss);
  }

  @Override
  void finish() throws InterruptedException {
    assertThat(look()).isEqualTo(written);
    files.sync(file);
    files.release(file);
  }
}
