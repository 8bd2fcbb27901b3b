package io.strata.segment;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a log told. Safe for use by any thread. */
final class RecordedEvents implements SegmentEvents {
  final Map<Nonce, SegmentIndex> sealed = new ConcurrentHashMap<>();
  final List<Nonce> fenced = new CopyOnWriteArrayList<>();
  final List<StoreException> failing = new CopyOnWriteArrayList<>();

  @Override
  public void sealed(SegmentIndex index) {
    sealed.put(index.nonce(), index);
  }

  @Override
  public void fenced(Nonce nonce) {
    fenced.add(nonce);
  }

  @Override
  public void failing(StoreException why) {
    failing.add(why);
  }
}
