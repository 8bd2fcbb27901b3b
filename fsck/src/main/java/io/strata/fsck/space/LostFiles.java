package io.strata.fsck.space;

import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.SpaceFinding;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.VolumeView;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the files that lost bytes, by going through all extents once more. */
final class LostFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LostFiles.class);

  /** Everything but the volume's own records. */
  private static final KeyRange INODES = new KeyRange(TreeKeys.allOf(Ino.ROOT).from(), null);

  private final LostBytes lost;
  private final Findings findings;
  private final Map<Nonce, LostBytes.Part> ofFile = new TreeMap<>();
  private final Set<Nonce> harmful = new HashSet<>();
  private long ino;

  LostFiles(LostBytes lost, Findings findings) {
    this.lost = lost;
    this.findings = findings;
  }

  /**
   * Names them.
   *
   * @return the segments that they have lost bytes to
   */
  Set<Nonce> find(VolumeView view) throws StoreException, InterruptedException {
    view.scan(
        INODES,
        (key, value) -> {
          try {
            if (Mutation.ofEntry(key, value)
                instanceof Mutation.ExtentPut(Ino owner, Extent extent)) {
              extent(owner.value(), extent);
            }
          } catch (MalformedRecord told) {
            LOG.debug("left out: {}", told.getMessage()); // it is a finding already
          }
        });
    endFile();
    return harmful;
  }

  private void extent(long owner, Extent extent) {
    if (owner != ino) {
      endFile();
      ino = owner;
    }
    LostBytes.Part part = lost.of(extent);
    if (part.bytes() > 0) {
      harmful.add(extent.nonce());
      ofFile.merge(extent.nonce(), part, LostBytes.Part::and);
    }
  }

  private void endFile() {
    ofFile.forEach(
        (nonce, part) ->
            findings.add(
                ino,
                file ->
                    new SpaceFinding.BytesLost(
                        file, nonce, part.offset(), part.end(), part.bytes())));
    ofFile.clear();
  }
}
