package io.strata.fs.continuity;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/** Remembers nothing. */
final class ForgottenClient implements Client {
  @Override
  public byte[] session() {
    return new byte[0];
  }

  @Override
  public void opened(Ino ino) {
    // Whoever opens it holds it.
  }

  @Override
  public void released(Ino ino) {
    // Whoever opened it has let go.
  }

  @Override
  public HandleClaim claim(Ino ino, long handle) throws FsException {
    throw new FsException(Errno.EBADF, "no handle " + handle);
  }

  @Override
  public boolean misses(Ino ino) {
    return false;
  }

  @Override
  public void adopted(Ino ino) {
    throw new IllegalStateException("nothing to adopt");
  }

  @Override
  public @Nullable RequestRecord request(long unique) {
    return null;
  }

  @Override
  public @Nullable EarlierRequest earlier(long unique) {
    return null;
  }

  @Override
  public void syncedAll() {
    // It has lived through no crash.
  }

  @Override
  public byte[] save() {
    return new byte[0];
  }

  @Override
  public void end() {
    // Nothing is kept of it.
  }
}
