package io.strata.vhost.fs;

import io.strata.fuse.server.FuseSession;
import java.io.IOException;

/** Makes the FUSE sessions of one guest. Called by one thread at a time. */
public interface FsSessions {
  /**
   * A session for a guest that begins with INIT; what an earlier one had is over, and its session
   * closed.
   */
  FuseSession fresh();

  /**
   * A session for a guest that may not notice that another process served it before: one that goes
   * on where that stopped if this is known, else a fresh one.
   */
  FuseSession resumed();

  /** The guest's front end has connected. */
  default void attached() {}

  /** The guest's front end has gone; it may come back, and the guest with it. */
  default void detached() {}

  /** What another process needs in order to go on with {@code session}, which does nothing now. */
  byte[] save(FuseSession session) throws IOException;

  /** A session that goes on where another process stopped. */
  FuseSession load(byte[] state) throws IOException;
}
