package io.strata.fs.volume;

import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.FileSystem;
import io.strata.fs.PastStates;
import io.strata.fs.continuity.Clients;
import io.strata.fs.posix.AccessTimePolicy;
import io.strata.fs.posix.VolumeFileSystem;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What volumes have in common that this process only reads: nothing can be changed or lost. */
abstract sealed class ReadVolume implements Volume permits FollowedVolume, ViewedVolume {
  private final VolumeDescriptor descriptor;
  private final BackgroundTasks tasks;
  private final VolumeFileSystem files;
  private final @Nullable VisitedSnapshots past;

  /**
   * A volume that is read.
   *
   * @param sight what is seen of it
   * @param epoch the newest when it was opened
   * @param past its snapshots; null if it shows none
   */
  ReadVolume(
      VolumeDescriptor descriptor,
      ViewEngine.Sight sight,
      Epoch epoch,
      @Nullable VisitedSnapshots past,
      Platform platform) {
    this.past = past;
    this.descriptor = descriptor;
    this.tasks = new BackgroundTasks(platform.waiting());
    this.files = new VolumeFileSystem(new ViewEngine(sight, tasks, epoch), AccessTimePolicy.NEVER);
  }

  @Override
  public final FileSystem fileSystem() {
    return files;
  }

  @Override
  public final Clients clients() {
    return Clients.FORGOTTEN;
  }

  @Override
  public final VolumeDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public final PastStates past() {
    return VisitedSnapshots.shown(past);
  }

  @Override
  public final void checkpoint() throws IOException {
    throw new IOException("the volume is open for reading only");
  }

  @Override
  public final Leftovers collectGarbage(LongConsumer looked) throws IOException {
    throw new IOException("the volume is open for reading only");
  }

  @Override
  public final void gather() throws IOException {
    throw new IOException("the volume is open for reading only");
  }

  @Override
  public final void whenFenced(Runnable listener) {
    // Who owns nothing loses nothing.
  }

  @Override
  public void close() throws IOException {
    if (past != null) {
      past.close();
    }
    try {
      tasks.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing");
    }
  }

  @Override
  public void abandon() {
    if (past != null) {
      past.close();
    }
    tasks.cancel();
  }
}
