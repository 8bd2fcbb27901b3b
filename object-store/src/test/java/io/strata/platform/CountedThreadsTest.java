package io.strata.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CountedThreadsTest {
  private final CountedThreads threads = new CountedThreads();

  @Test
  void awaitsWhatTasksHaveBegunToo() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      threads.execute(
          () -> {
            threads.execute(ended::incrementAndGet);
            ended.incrementAndGet();
          });
    }
    threads.awaitEnd();
    assertThat(ended).hasValue(200);
    assertThat(threads.isAtRest()).isTrue();
  }

  @Test
  void isAtRestWhenAllThatIsLeftWaits() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicInteger turns = new AtomicInteger();
    threads.execute(() -> await(open));
    threads.execute(
        () -> {
          while (stopped.getCount() > 0) {
            turns.incrementAndGet();
            Thread.onSpinWait();
          }
        });
    while (turns.get() == 0) {
      Thread.sleep(1);
    }
    assertThat(threads.isAtRest()).as("while one is at work").isFalse();
    stopped.countDown();
    while (!threads.isAtRest()) {
      Thread.sleep(1);
    }
    open.countDown();
    threads.awaitEnd();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
