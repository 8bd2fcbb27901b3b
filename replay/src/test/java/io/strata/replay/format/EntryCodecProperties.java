package io.strata.replay.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class EntryCodecProperties {
  private static final VolumeId VOLUME = new VolumeId(new UUID(1, 2));

  @Property(tries = 300)
  void whatIsWrittenIsRead(@ForAll("entries") LogEntry.Groups entry) throws StoreException {
    byte[] whole = EntryCodec.frame(VOLUME, entry).toBytes();
    LogEntry.Stored read = EntryCodec.open(VOLUME, entry.position(), ByteBuffer.wrap(whole));
    EntryCodecTest.assertSame(read, entry);
  }

  /** Damage that the frame's checksum does not show, as a faulty writer would leave it. */
  @Property(tries = 1000)
  void damageInsideTheFrameIsNeverAnythingButCorrupt(
      @ForAll("entries") LogEntry.Groups entry,
      @ForAll @IntRange(min = 0, max = 1 << 20) int at,
      @ForAll byte value) {
    ByteBuffer payload = payload(entry);
    payload.put(at % payload.capacity(), value);
    LogPosition position = entry.position();
    byte[] whole = Frame.wrap(FrameKind.LOG, VOLUME, position.key(), List.of(payload)).toBytes();
    try {
      LogEntry.Stored read = EntryCodec.open(VOLUME, position, ByteBuffer.wrap(whole));
      assertThat(read.position()).isEqualTo(position);
    } catch (StoreException.Corrupt e) {
      assertThat(e).hasMessageContaining(position.key().value());
    } catch (StoreException e) {
      throw new AssertionError("damage reported as " + e, e);
    }
  }

  private static ByteBuffer payload(LogEntry.Groups entry) {
    List<ByteBuffer> parts = EntryCodec.encode(entry);
    int length = parts.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer payload = ByteBuffer.allocate(length);
    parts.forEach(payload::put);
    return payload.flip();
  }

  @Provide
  Arbitrary<LogEntry.Groups> entries() {
    Arbitrary<LogPosition> positions =
        Combinators.combine(
                Arbitraries.integers().between(1, Epoch.MAX), Arbitraries.longs().greaterOrEqual(0))
            .as((epoch, sequence) -> new LogPosition(new Epoch(epoch), sequence));
    Arbitrary<HeadReference> heads =
        Combinators.combine(Arbitraries.longs().greaterOrEqual(1), Arbitraries.integers())
            .as(HeadReference::new);
    Arbitrary<Long> numbers = Arbitraries.longs().between(0, Long.MAX_VALUE);
    return Combinators.combine(
            positions,
            heads,
            numbers,
            dependencies().list().ofMaxSize(5),
            bytes(2000).list().ofMaxSize(5),
            inline().list().ofMaxSize(3))
        .as(LogEntry.Groups::new);
  }

  private static Arbitrary<Dependency> dependencies() {
    return Combinators.combine(nonces(), Arbitraries.longs().greaterOrEqual(1)).as(Dependency::new);
  }

  private static Arbitrary<InlineRun> inline() {
    return Combinators.combine(
            nonces(), Arbitraries.longs().between(0, 1L << 40), bytes(3000).map(ByteBuffer::wrap))
        .as(InlineRun::new);
  }

  private static Arbitrary<Nonce> nonces() {
    return Arbitraries.longs().map(Nonce::new);
  }

  private static Arbitrary<byte[]> bytes(int most) {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(most);
  }
}
