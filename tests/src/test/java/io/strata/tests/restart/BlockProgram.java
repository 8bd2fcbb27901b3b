package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Overwrites blocks of a file that stays open, each block with its number and a version, and syncs
 * now and then. The file may have lost its name.
 */
final class BlockProgram extends Program {
  private static final int BLOCKS = 32;
  private static final int BLOCK_BYTES = 4096;

  private final String name;
  private final boolean unlinked;
  private GuestFiles.File file = new GuestFiles.File(0, 0);

  /** Versions: the last that was synced, and the last that was written. */
  private final long[] durable = new long[BLOCKS];

  private final long[] written = new long[BLOCKS];

  /** What was found there when last looked. */
  private final long[] seen = new long[BLOCKS];

  private long version;
  private int lossesTold;
  private int alarmsWithoutLoss;

  BlockProgram(Guest guest, long seed, String name, boolean unlinked) {
    super(guest, seed);
    this.name = name;
    this.unlinked = unlinked;
  }

  @Override
  void prepare() throws InterruptedException {
    file = files.create(GuestFiles.ROOT, name);
    for (int block = 0; block < BLOCKS; block++) {
      files.write(file, (long) block * BLOCK_BYTES, content(block, 0));
    }
    if (unlinked) {
      files.unlink(GuestFiles.ROOT, name);
    }
    files.sync(file);
  }

  private static byte[] content(int block, long version) {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
    while (bytes.hasRemaining()) {
      bytes.putLong(block).putLong(version);
    }
    return bytes.array();
  }

  @Override
  void step() throws InterruptedException {
    if (random.nextInt(4) == 0) {
      sync();
    } else {
      write();
    }
  }

  private void write() throws InterruptedException {
    boolean wasClean = clean();
    int count = random.nextInt(1, 9);
    int first = random.nextInt(BLOCKS);
    version++;
    List<FuseRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int block = (first + i) % BLOCKS;
      byte[] bytes = content(block, version);
      requests.add(GuestFiles.writeRequest(file, (long) block * BLOCK_BYTES, bytes, 0));
    }
    List<FuseAnswer> answers = all(requests);
    assertThat(answers).as("%s: writes", name).allMatch(answer -> answer.error() == 0);
    int before = connection();
    boolean crashed = crashed(answers);
    boolean allAnsweredAfter = true;
    for (int i = 0; i < count; i++) {
      int block = (first + i) % BLOCKS;
      written[block] = version;
      allAnsweredAfter &= answers.get(i).connection() > before;
    }
    if (!crashed) {
      return;
    }
    boolean lost = look();
    for (int i = 0; i < count; i++) {
      if (answers.get(i).connection() > before) {
        assertThat(seen[(first + i) % BLOCKS])
            .as("%s: what the new daemon wrote", name)
            .isEqualTo(version);
      }
    }
    judge(guest.call(GuestFiles.syncRequest(file)), lost, wasClean && allAnsweredAfter);
  }

  /** Reads everything: whether anything of what was written is lost. */
  private boolean look() throws InterruptedException {
    boolean lost = false;
    for (int block = 0; block < BLOCKS; block++) {
      byte[] bytes = files.read(file, (long) block * BLOCK_BYTES, BLOCK_BYTES);
      long found = ByteBuffer.wrap(bytes).getLong(8);
      assertThat(bytes).as("%s: block %d", name, block).isEqualTo(content(block, found));
      assertThat(found)
          .as("%s: version of block %d", name, block)
          .isBetween(durable[block], written[block]);
      seen[block] = found;
      lost |= found < written[block];
    }
    return lost;
  }

  private boolean clean() {
    return Arrays.equals(durable, written);
  }

  /** Judges the first sync after a crash, and syncs once more if it failed. */
  private void judge(FuseAnswer sync, boolean lost, boolean whole) throws InterruptedException {
    if (lost) {
      assertThat(sync.error()).as("%s: sync of what lost something", name).isEqualTo(EIO);
      lossesTold++;
    } else if (whole) {
      assertThat(sync.error()).as("%s: sync of what had nothing to lose", name).isZero();
    } else if (sync.error() != 0) {
      assertThat(sync.error()).as("%s: sync", name).isEqualTo(EIO);
      alarmsWithoutLoss++;
    }
    System.arraycopy(seen, 0, written, 0, BLOCKS);
    if (sync.error() != 0) {
      FuseAnswer second = guest.call(GuestFiles.syncRequest(file));
      assertThat(second.error()).as("%s: told once", name).isZero();
    }
    System.arraycopy(written, 0, durable, 0, BLOCKS);
  }

  private void sync() throws InterruptedException {
    boolean wasClean = clean();
    FuseAnswer answer = guest.call(GuestFiles.syncRequest(file));
    if (crashed(List.of(answer))) {
      judge(answer, look(), wasClean);
    } else {
      assertThat(answer.error()).as("%s: sync", name).isZero();
      System.arraycopy(written, 0, durable, 0, BLOCKS);
    }
  }

  @Override
  String summary() {
    return "%s: %d losses told, %d told without".formatted(name, lossesTold, alarmsWithoutLoss);
  }

  @Override
  void finish() throws InterruptedException {
    assertThat(look()).isFalse();
    files.sync(file);
    files.release(file);
  }
}
