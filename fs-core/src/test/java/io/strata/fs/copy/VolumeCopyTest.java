package io.strata.fs.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Caller;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class VolumeCopyTest {
  private static final OpenOptions TAKE_OVER = OpenOptions.DEFAULT.withTakeOver(true);
  private static final CopyProgress SILENT = (objects, bytes) -> {};

  private final Platform platform = SystemPlatform.create();
  private final MemStore from = new MemStore();
  private final MemStore to = new MemStore();
  private final byte[] content = new byte[1_000_000];

  @BeforeEach
  void makeVolume() throws Exception {
    new Random(1).nextBytes(content);
    Volume.format(from, FormatOptions.DEFAULT, platform);
    try (Volume volume = Volume.open(from, TAKE_OVER, platform)) {
      write(volume, "first");
      volume.checkpoint();
      write(volume, "second");
    }
  }

  private void write(Volume volume, String name) throws Exception {
    Opened file =
        volume
            .fileSystem()
            .create(
                Caller.ROOT,
                Ino.ROOT,
                FileName.of(name),
                new NewNode(0100644, 0),
                OpenFlags.READ_WRITE);
    volume
        .fileSystem()
        .write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(content), false);
    volume.fileSystem().sync(Caller.ROOT, file.handle(), false);
  }

  private void assertReadable(ObjectStore store, String name) throws Exception {
    try (Volume volume = Volume.open(store, TAKE_OVER, platform)) {
      Ino ino = volume.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
      long handle = volume.fileSystem().open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
      byte[] found = new byte[content.length];
      volume.fileSystem().read(Caller.ROOT, handle, 0, MemorySegment.ofArray(found));
      assertThat(found).isEqualTo(content);
    }
  }

  @Test
  void theCopyHasEveryObject() throws Exception {
    CopyReport report = VolumeCopy.copy(from, to, true, SILENT, platform);

    assertThat(to.keys()).isEqualTo(from.keys());
    for (ObjectKey key : from.keys()) {
      assertThat(to.get(key, ByteRange.ALL)).isEqualTo(from.get(key, ByteRange.ALL));
    }
    assertThat(report.inUse()).isFalse();
    assertThat(report.copied()).isEqualTo(from.keys().size() - 1);
    assertReadable(to, "second");
  }

  @Test
  void aVolumeInUseIsCopiedAsIfItsOwnerHadBeenKilled() throws Exception {
    Volume owner = Volume.open(from, TAKE_OVER, platform);
    write(owner, "third");

    CopyReport report = VolumeCopy.copy(from, to, false, SILENT, platform);
    owner.close();

    assertThat(report.inUse()).isTrue();
    assertReadable(to, "third");
  }

  @Test
  void anInterruptedCopyGoesOnAndIsNoVolumeBefore() throws Exception {
    ObjectStore breaking = new FaultStore(to, FaultPlan.at(9, Fault.CRASH_AFTER));
    assertThatThrownBy(
            () ->
                VolumeCopy.copy(
                    from, new GivingUp(breaking), false, SILENT, platform))
        .isInstanceOf(IOException.class);
    assertThat(to.head(ObjectNames.VOLUME)).isEmpty();
    int before = to.keys().size();

    CopyReport report = VolumeCopy.copy(from, to, true, SILENT, platform);

    assertThat(report.found()).isEqualTo(before);
    assertThat(to.keys()).isEqualTo(from.keys());
    assertReadable(to, "first");
  }

  /** Turns silence into a refusal, which nobody waits out. */
  private static final class GivingUp extends ForwardingStore {
    GivingUp(ObjectStore store) {
      super(store);
    }

    @Override
    public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
      try {
        super.put(key, body, condition);
      } catch (StoreException.Unavailable e) {
        throw new StoreException.Refused(Verb.PUT + " " + key, e);
      }
    }
  }

  @Test
  void aDamagedObjectEndsTheCopy() throws Exception {
    ObjectKey segment =
        from.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .findFirst()
            .orElseThrow();
    byte[] bytes = new byte[Math.toIntExact(from.head(segment).orElseThrow())];
    from.get(segment, ByteRange.ALL).get(bytes);
    bytes[1000] ^= 1;
    from.put(segment, Body.of(bytes), Condition.NONE);

    assertThatThrownBy(() -> VolumeCopy.copy(from, to, false, SILENT, platform))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(segment.value());
    assertThat(to.head(ObjectNames.VOLUME)).isEmpty();
  }

  @Test
  void nothingElseIsOverwritten() throws Exception {
    Volume.format(to, FormatOptions.DEFAULT, platform);
    List<ObjectKey> before = List.copyOf(to.keys());

    assertThatThrownBy(() -> VolumeCopy.copy(from, to, false, SILENT, platform))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("there is a volume already");
    assertThat(to.keys()).containsExactlyElementsOf(before);
  }
}
