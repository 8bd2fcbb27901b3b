package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.Verb;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a log entry must carry or name. */
class AttachTest {
  private static final int INLINE_MAX = 1000;

  private final GatedStore store = new GatedStore(new MemStore());
  private final TestLog test = new TestLog(store);
  private final SegmentLog log = test.log;

  AttachTest() {
    store.hold(Verb.PUT);
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void nothingIsAttachedToTheFirstEntry() {
    assertThat(log.attach(INLINE_MAX)).isSameAs(Attachment.NOTHING);
  }

  @Test
  void littleGoesInlineOnceAndStaysInItsSegment() throws Exception {
    byte[] bytes = Bytes.random(1, 600);
    Placement one = test.append(bytes);
    Placement two = test.append(Bytes.random(2, 400));
    Attachment first = log.attach(INLINE_MAX);
    assertThat(first.segments()).isEmpty();
    assertThat(first.inline()).containsExactly(run(one, concat(bytes, Bytes.random(2, 400))));
    assertThat(log.attach(INLINE_MAX).isEmpty()).isTrue();

    Placement three = test.append(Bytes.random(3, INLINE_MAX));
    assertThat(three.nonce()).isEqualTo(two.nonce());
    assertThat(log.attach(INLINE_MAX).inline())
        .containsExactly(run(three, Bytes.random(3, INLINE_MAX)));
    assertThat(log.openBytes()).isEqualTo(1000 + INLINE_MAX);
    assertThat(log.dirtyBytes()).isEqualTo(1000 + INLINE_MAX);

    store.open(Verb.PUT);
    test.flush();
    assertThat(test.read(one, 600)).isEqualTo(bytes);
    assertThat(log.attach(INLINE_MAX).isEmpty()).isTrue();
  }

  @Test
  void muchGoesAsASegmentThatIsNamedOnce() throws Exception {
    Placement at = test.append(new byte[INLINE_MAX + 1]);
    Attachment attachment = log.attach(INLINE_MAX);
    assertThat(attachment.inline()).isEmpty();
    Dependency dependency = attachment.segments().getFirst();
    assertThat(attachment.segments()).hasSize(1);
    assertThat(dependency.nonce()).isEqualTo(at.nonce());
    assertThat(dependency.logicalLength()).isEqualTo(INLINE_MAX + 1);
    assertThat(dependency.stored()).isNotDone();
    assertThat(log.openBytes()).isZero();
    assertThat(log.attach(INLINE_MAX).isEmpty()).isTrue();

    assertThat(test.append(new byte[1]).nonce()).isNotEqualTo(at.nonce());
    store.open(Verb.PUT);
    dependency.stored().get();
    assertThat(store.requests(Verb.PUT)).isEqualTo(1);
  }

  @Test
  void aSegmentIsNamedForTheBytesThatNoEntryHasCarried() {
    test.append(new byte[10]);
    assertThat(log.attach(INLINE_MAX).inline()).hasSize(1);
    test.append(new byte[INLINE_MAX + 1]);
    assertThat(log.attach(INLINE_MAX).segments().getFirst().logicalLength())
        .isEqualTo(INLINE_MAX + 11);
  }

  @Test
  void aSealedSegmentWhoseBytesAllWentInlineIsNotNamed() {
    test.append(new byte[10]);
    log.attach(INLINE_MAX);
    log.roll();
    assertThat(log.unacknowledged()).hasSize(1);
    assertThat(log.attach(INLINE_MAX).isEmpty()).isTrue();
  }

  @Test
  void theShortRestOfASealedSegmentGoesInline() {
    Placement one = test.append(Bytes.random(1, 300));
    log.roll();
    Placement two = test.append(Bytes.random(2, 300));
    Attachment attachment = log.attach(INLINE_MAX);
    assertThat(attachment.segments()).isEmpty();
    assertThat(attachment.inline())
        .containsExactly(run(one, Bytes.random(1, 300)), run(two, Bytes.random(2, 300)));
    assertThat(log.openBytes()).isEqualTo(300);
  }

  @Test
  void theYoungestBytesGoInlineAndOlderSegmentsAreNamed() {
    Placement one = test.append(new byte[900]);
    log.roll();
    Placement two = test.append(new byte[2000]);
    log.roll();
    Placement three = test.append(Bytes.random(3, 200));
    Attachment attachment = log.attach(INLINE_MAX);
    assertThat(attachment.inline()).containsExactly(run(three, Bytes.random(3, 200)));
    assertThat(attachment.segments().stream().map(Dependency::nonce))
        .containsExactly(one.nonce(), two.nonce());
  }

  @Test
  void aStoredSegmentNeedsNoMention() throws Exception {
    test.append(new byte[5000]);
    store.open(Verb.PUT);
    log.roll();
    test.awaitStored();
    assertThat(log.attach(INLINE_MAX).isEmpty()).isTrue();
  }

  @Test
  void withoutRoomEverythingIsNamed() {
    test.append(new byte[1]);
    Attachment attachment = log.attach(0);
    assertThat(attachment.inline()).isEmpty();
    assertThat(attachment.segments()).hasSize(1);
  }

  @Test
  void inlineBytesAreACopyThatLaterAppendsDoNotChange() {
    Placement at = test.append(Bytes.random(1, 10));
    List<InlineRun> inline = log.attach(INLINE_MAX).inline();
    test.append(new byte[100]);
    assertThat(inline).containsExactly(run(at, Bytes.random(1, 10)));
    assertThat(inline.getFirst().bytes().isReadOnly()).isTrue();
  }

  private static InlineRun run(Placement at, byte[] bytes) {
    return new InlineRun(at.nonce(), at.logicalOffset(), ByteBuffer.wrap(bytes));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
