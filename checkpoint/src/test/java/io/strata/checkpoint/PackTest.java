package io.strata.checkpoint;

import static io.strata.checkpoint.format.Samples.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.btree.DamagedPage;
import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.StoredPage;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.ReplayFailure;
import io.strata.store.Backoff;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class PackTest {
  private static final Platform PLATFORM = SystemPlatform.create();
  private static final Epoch EPOCH = new Epoch(5);
  private static final PackSizes SMALL = new PackSizes(4 << 10, 2, 3);
  private static final Backoff QUICKLY = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1));

  private final MemStore memory = new MemStore();
  private final PackReader reader = new PackReader(memory);

  @Property(tries = 50)
  void everyPageIsReadBackWhateverTheStoreLoses(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int pages) throws IOException {
    Random random = new Random(seed);
    Random faults = new Random(seed + 1);
    FaultStore lossy =
        new FaultStore(
            memory,
            request ->
                switch (faults.nextInt(6)) {
                  case 0 -> Fault.FAIL_BEFORE;
                  case 1 -> Fault.FAIL_AFTER;
                  default -> Fault.PASS;
                });
    PackWriter writer = writer(lossy, counting());
    List<ByteBuffer> written = new ArrayList<>();
    List<PageAddress> addresses = new ArrayList<>();
    for (int i = 0; i < pages; i++) {
      ByteBuffer page = page(random);
      addresses.add(writer.write(page));
      written.add(page);
    }
    List<WrittenPack> packs = writer.finish();
    for (int i = 0; i < pages; i++) {
      assertThat(reader.read(addresses.get(i))).isEqualTo(written.get(i));
    }
    assertPacks(packs, addresses);
    memory.delete(memory.keys());
  }

  /** What the writer says of its packs, and what they say of themselves, is what it wrote. */
  private void assertPacks(List<WrittenPack> packs, List<PageAddress> addresses)
      throws StoreException {
    List<PageAddress> listed = new ArrayList<>();
    for (WrittenPack pack : packs) {
      ByteBuffer whole = memory.get(ObjectNames.pack(pack.nonce()), ByteRange.ALL);
      assertThat(pack.objectBytes()).isEqualTo(whole.remaining());
      List<PageAddress> pages = PackDirectory.open(VOLUME, pack.nonce(), whole);
      assertThat(pack.pages()).isEqualTo(pages.size());
      assertThat(pack.pageBytes()).isEqualTo(pages.stream().mapToLong(PageAddress::length).sum());
      listed.addAll(pages);
    }
    assertThat(listed).isEqualTo(addresses);
  }

  @Example
  void nothingToWriteIsNoPack() throws Exception {
    assertThat(writer(memory, counting()).finish()).isEmpty();
    assertThat(memory.keys()).isEmpty();
  }

  @Example
  void aMissingPackIsADamagedPageWithItsName() throws Exception {
    PageAddress address = one();
    memory.delete(memory.keys());
    assertDamaged(address);
  }

  @Example
  void everyFlippedBitOfAPageIsFoundOut() throws Exception {
    PageAddress address = one();
    byte[] whole = bytes(address);
    for (int bit = address.offset() * 8; bit < (address.offset() + address.length()) * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      memory.put(StoredPage.pack(address), damaged);
      assertDamaged(address);
    }
  }

  @Example
  void aPackCutShortIsADamagedPage() throws Exception {
    PageAddress address = one();
    byte[] whole = bytes(address);
    memory.put(
        StoredPage.pack(address), Arrays.copyOf(whole, address.offset() + address.length() - 1));
    assertDamaged(address);
  }

  @Example
  void aPointerToTheWrongPlaceIsADamagedPage() throws Exception {
    PageAddress address = one();
    assertDamaged(
        new PageAddress(address.pack(), address.offset() - 1, address.length(), address.crc()));
  }

  @Example
  void aTakenNameMeansFenced() throws Exception {
    memory.put(ObjectNames.pack(Nonce.of(EPOCH, 0)), new byte[10]);
    PackWriter writer = writer(memory, counting());
    writer.write(ByteBuffer.wrap(new byte[100]));
    assertThatThrownBy(writer::finish).isInstanceOf(ReplayFailure.Fenced.class);
    assertThatThrownBy(writer::finish).isInstanceOf(ReplayFailure.Fenced.class);
    assertThat(writer.begun()).containsExactly(Nonce.of(EPOCH, 0));
  }

  @Example
  void closingGivesUpAPackThatCannotBeStored() throws Exception {
    FaultStore dead = new FaultStore(memory, request -> Fault.CRASH_BEFORE);
    PackWriter writer = writer(dead, counting());
    Random random = new Random(1);
    writer.write(page(random));
    Thread finishing =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThatThrownBy(writer::finish)
                        .isInstanceOf(StoreException.Unavailable.class));
    while (dead.requests() == 0) {
      Thread.sleep(1);
    }
    writer.close();
    finishing.join();
  }

  private static void assertThatDamaged(PackReader reader, PageAddress address) {
    assertThatThrownBy(() -> reader.read(address))
        .isInstanceOf(DamagedPage.class)
        .hasMessageContaining(StoredPage.pack(address).value())
        .hasMessageContaining("@" + address.offset());
  }

  private void assertDamaged(PageAddress address) {
    assertThatDamaged(reader, address);
  }

  private PageAddress one() throws IOException {
    PackWriter writer = writer(memory, counting());
    writer.write(page(new Random(1)));
    PageAddress address = writer.write(page(new Random(2)));
    writer.write(page(new Random(3)));
    writer.finish();
    return address;
  }

  private byte[] bytes(PageAddress address) throws StoreException {
    ByteBuffer whole = memory.get(StoredPage.pack(address), ByteRange.ALL);
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    return bytes;
  }

  private static PackWriter writer(ObjectStore store, Supplier<Nonce> nonces) {
    OncePut once = new OncePut(store, PLATFORM, QUICKLY);
    return new PackWriter(once, VOLUME, nonces, SMALL, PLATFORM);
  }

  private static Supplier<Nonce> counting() {
    long[] counter = {0};
    return () -> Nonce.of(EPOCH, counter[0]++);
  }

  /** Half noise, so that it compresses a little. */
  private static ByteBuffer page(Random random) {
    byte[] page = new byte[1 + random.nextInt(2000)];
    byte[] noise = new byte[page.length / 2];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, page, 0, noise.length);
    return ByteBuffer.wrap(page);
  }
}
