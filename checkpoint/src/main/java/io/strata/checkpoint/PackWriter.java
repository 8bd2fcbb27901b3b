package io.strata.checkpoint;

import io.strata.btree.PageAddress;
import io.strata.btree.PageSink;
import io.strata.checkpoint.format.StoredPage;
import io.strata.platform.Platform;
import io.strata.replay.ReplayFailure;
import io.strata.store.Body;
import io.strata.store.Nonce;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pages of one checkpoint into packs, several of which are on their way to the store at
 * a time. An address is final as soon as {@link #write} returns it, though the page is stored only
 * when {@link #finish} returns.
 *
 * <p>Confined to one thread at a time; blocks on the store.
 */
public final class PackWriter implements PageSink, AutoCloseable {
  private final OncePut once;
  private final VolumeId volume;
  private final Supplier<Nonce> nonces;
  private final PackSizes sizes;
  private final Platform platform;
  private final Deque<CompletableFuture<WrittenPack>> sending = new ArrayDeque<>();
  private final Set<Thread> putters = ConcurrentHashMap.newKeySet();
  private final List<Nonce> begun = new ArrayList<>();
  private final List<WrittenPack> written = new ArrayList<>();
  private @Nullable OpenPack open;
  private volatile boolean closed;

  /**
   * A writer for one checkpoint.
   *
   * @param nonces hands out a nonce that nobody else has, each time
   */
  public PackWriter(
      OncePut once, VolumeId volume, Supplier<Nonce> nonces, PackSizes sizes, Platform platform) {
    this.once = once;
    this.volume = volume;
    this.nonces = nonces;
    this.sizes = sizes;
    this.platform = platform;
  }

  /**
   * Takes a page; waits while too many packs are on their way.
   *
   * @throws ReplayFailure.Fenced if the volume has another owner
   * @throws StoreException if the store refused an earlier pack
   */
  @Override
  public PageAddress write(ByteBuffer page) throws IOException {
    byte[] stored = StoredPage.compress(page, sizes.zstdLevel());
    OpenPack pack = open;
    if (pack == null) {
      Nonce nonce = nonces.get();
      begun.add(nonce);
      pack = new OpenPack(nonce);
      open = pack;
    }
    PageAddress address = pack.add(stored);
    if (pack.pageBytes() >= sizes.packBytesMax()) {
      send(pack);
    }
    return address;
  }

  /**
   * Sends what is left and waits until every page is stored.
   *
   * @return the packs, in the order in which they were begun
   * @throws ReplayFailure.Fenced if the volume has another owner
   * @throws StoreException if the store refused a pack: the checkpoint is void
   */
  public List<WrittenPack> finish() throws IOException {
    OpenPack last = open;
    if (last != null) {
      send(last);
    }
    while (!sending.isEmpty()) {
      awaitFirst();
    }
    return List.copyOf(written);
  }

  /** The names of all packs that this writer may have put, for whoever gives a checkpoint up. */
  public List<Nonce> begun() {
    return List.copyOf(begun);
  }

  /** Gives up what is not stored yet, without waiting; nothing after {@link #finish}. */
  @Override
  public void close() {
    open = null;
    closed = true;
    putters.forEach(Thread::interrupt);
  }

  private void send(OpenPack pack) throws IOException {
    while (sending.size() >= sizes.inFlightMax()) {
      awaitFirst();
    }
    open = null;
    CompletableFuture<WrittenPack> result = new CompletableFuture<>();
    sending.addLast(result);
    platform.waiting().execute(() -> put(pack, result));
  }

  private void put(OpenPack pack, CompletableFuture<WrittenPack> result) {
    putters.add(Thread.currentThread());
    try {
      if (closed) {
        throw new StoreException.Unavailable("given up: object " + pack.key(), null);
      }
      Body body = pack.body(volume);
      switch (once.put(pack.key(), body)) {
        case STORED -> result.complete(pack.written(body.length()));
        case TAKEN ->
            result.completeExceptionally(
                new ReplayFailure.Fenced(
                    "another owner has put " + pack.key() + ": the volume was taken over", null));
      }
    } catch (StoreException | RuntimeException e) {
      result.completeExceptionally(e);
    } finally {
      putters.remove(Thread.currentThread());
    }
  }

  private void awaitFirst() throws IOException {
    try {
      written.add(sending.getFirst().get());
      sending.removeFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while storing tree packs", e);
    } catch (ExecutionException e) {
      // Stays at the front: every later call fails the same way.
      if (e.getCause() instanceof IOException why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
