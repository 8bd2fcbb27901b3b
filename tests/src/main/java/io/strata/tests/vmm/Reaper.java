package io.strata.tests.vmm;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for the calls of some queues and takes what comes back. Confined to its thread. */
public final class Reaper implements AutoCloseable {
  private final List<GuestQueue> queues;
  private final Poll poll;

  /** Of these queues, which nobody else reaps; {@code others} end a wait as well. */
  public Reaper(List<GuestQueue> queues, List<Descriptor> others) {
    this.queues = List.copyOf(queues);
    List<Descriptor> descriptors = new ArrayList<>();
    queues.forEach(queue -> descriptors.add(queue.call().descriptor()));
    descriptors.addAll(others);
    poll = new Poll(descriptors);
  }

  /** Takes what is there; if nothing is, waits for a call first. Returns how much came back. */
  public int reap(@Nullable Duration atMost) throws SystemCallException {
    int count = reapAll();
    if (count > 0) {
      return count;
    }
    boolean already = false;
    for (GuestQueue queue : queues) {
      already |= queue.arm();
    }
    if (!already) {
      poll.await(atMost);
      for (GuestQueue queue : queues) {
        queue.call().drain();
      }
    }
    queues.forEach(GuestQueue::disarm);
    return reapAll();
  }

  private int reapAll() {
    int count = 0;
    for (GuestQueue queue : queues) {
      count += queue.reap();
    }
    return count;
  }

  @Override
  public void close() {
    poll.close();
  }
}
