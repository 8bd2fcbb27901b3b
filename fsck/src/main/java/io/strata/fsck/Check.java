package io.strata.fsck;

import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.fsck.finding.Severity;
import io.strata.fsck.history.HeadCheck;
import io.strata.fsck.history.Identity;
import io.strata.fsck.history.KeptState;
import io.strata.fsck.scratch.Scratch;
import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ListPage;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One check of one bucket, step by step. Confined to a thread. */
final class Check {
  private static final int ATTEMPTS_MAX = 4;

  private final Bucket bucket;
  private final FsckOptions options;
  private final Platform platform;
  private final Findings findings;
  private boolean overtaken;

  Check(ObjectStore store, FsckOptions options, Platform platform) {
    this.bucket = new Bucket(store);
    this.options = options;
    this.platform = platform;
    this.findings = new Findings(options.findingsMax());
  }

  /**
   * Checks until a check was not overtaken by an owner who goes on, a few times at most: an owner
   * who has ceased to keep the head that is being checked deletes what only that one needs.
   */
  static FsckReport settled(ObjectStore store, FsckOptions options, Platform platform)
      throws StoreException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Check check = new Check(store, options, platform);
      FsckReport report = check.run();
      if (!check.overtaken || report.errors() == 0) {
        return report;
      }
      if (attempt == ATTEMPTS_MAX) {
        return report.notComplete();
      }
    }
  }

  FsckReport run() throws StoreException, InterruptedException {
    try (Scratch scratch = options.scratch()) {
      return run(scratch);
    }
  }

  private FsckReport run(Scratch scratch) throws StoreException, InterruptedException {
    options.progress().at(Step.LISTING, 0, 0);
    Inventory inventory = Inventory.of(bucket, scratch);
    options.progress().at(Step.LISTING, inventory.objects(), inventory.objects());
    if (!inventory.descriptor() && inventory.heads().size() == 0) {
      throw new StoreException.Missing(ObjectNames.VOLUME, bucket.location());
    }
    options.progress().at(Step.HEADS, 0, inventory.heads().size());
    Optional<VolumeId> volume = Identity.of(bucket, inventory, findings);
    if (volume.isEmpty()) {
      return nothingReadable(inventory, null);
    }
    VolumeId id = volume.get();
    // Of a state only what its own head leads to is of interest.
    Findings aboutHeads = options.at() == null ? findings : new Findings(1);
    Optional<StoredHead> newest =
        new HeadCheck(bucket, id, inventory, aboutHeads).check(platform);
    if (newest.isEmpty()) {
      return nothingReadable(inventory, id);
    }
    StoredHead head = options.at() == null ? newest.get() : state(id, newest.get(), options.at());
    VolumeCheck checked =
        new VolumeCheck(
            bucket,
            id,
            inventory,
            head,
            findings,
            options,
            platform,
            scratch,
            options.at() == null ? VolumeCheck.Scope.VOLUME : VolumeCheck.Scope.STATE,
            VolumeCheck.Patch.NONE);
    checked.check();
    movedOn(id, head.head().number(), inventory);

    Set<Long> wanted = findings.wanted();
    options.progress().at(Step.PATHS, 0, wanted.size());
    Map<Long, String> paths = checked.names().paths(wanted, checked.view());
    return report(id, head.head().number(), true, checked.counts(), paths);
  }

  private StoredHead state(VolumeId id, StoredHead newest, String name) throws StoreException {
    return KeptState.find(bucket, id, newest.head(), name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no state %s is kept: name a snapshot, a head's number or a time; strata recover"
                            .formatted(name)
                        + " lists them"));
  }

  /**
   * Whether the owner has written heads since the bucket was listed. The log behind the checked head,
   * what only that refers to, and the newest head of the list are then kept by nobody.
   */
  private void movedOn(VolumeId id, long checked, Inventory inventory) throws StoreException {
    long[] listed = inventory.heads().sortedKeys();
    String after = ObjectNames.head(listed[listed.length - 1]).value();
    ListPage page = bucket.list(ObjectNames.HEADS, after, 1000);
    OptionalLong newest =
        page.entries().stream()
            .flatMapToLong(entry -> Inventory.headNumber(entry.key()).stream())
            .max();
    if (newest.isPresent() && options.at() != null) {
      overtaken = !isKept(id, checked, newest.getAsLong());
    } else if (newest.isPresent()) {
      findings.add(new HistoryFinding.MovedOn(checked, newest.getAsLong()));
      overtaken = true;
    }
  }

  /** Whether what a head leads to is kept; if that cannot be found out, it is not. */
  private boolean isKept(VolumeId id, long head, long newest) throws StoreException {
    try {
      return HeadCodec.open(id, newest, bucket.read(ObjectNames.head(newest), ByteRange.ALL))
          .head()
          .kept()
          .contains(head);
    } catch (StoreException.Missing | StoreException.Corrupt | StoreException.TooNew e) {
      return false;
    }
  }

  private FsckReport nothingReadable(Inventory inventory, @Nullable VolumeId volume) {
    FsckReport.Counts counts =
        new FsckReport.Counts(
            inventory.objects(),
            inventory.bytes(),
            inventory.heads().size(),
            0,
            0,
            0,
            0,
            0,
            0,
            bucket.requests(),
            bucket.bytesRead());
    return report(volume, 0, false, counts, Map.of());
  }

  private FsckReport report(
      @Nullable VolumeId volume,
      long head,
      boolean complete,
      FsckReport.Counts counts,
      Map<Long, String> paths) {
    return new FsckReport(
        bucket.location(),
        volume,
        head,
        complete,
        options.data(),
        counts,
        findings.count(Severity.ERROR),
        findings.count(Severity.WARNING),
        findings.count(Severity.NOTE),
        findings.resolved(paths));
  }
}
