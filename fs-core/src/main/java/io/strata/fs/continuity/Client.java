package io.strata.fs.continuity;

import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.schema.Ino;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One holder of handles: a kernel from its INIT to its end. Safe for any thread. */
public interface Client {
  /** A client of whom nothing is remembered. */
  Client FORGOTTEN = new ForgottenClient();

  /** What its session wrote down when it began. */
  byte[] session();

  /** A handle of an inode is about to be given out. */
  void opened(Ino ino);

  /** A handle of an inode is released. */
  void released(Ino ino);

  /**
   * What is known of a handle that an earlier owner gave out.
   *
   * @throws FsException EBADF if this client can have no such handle
   */
  HandleClaim claim(Ino ino, long handle) throws FsException;

  /** Whether a handle of an inode may be open that an earlier owner gave out and is not adopted. */
  boolean misses(Ino ino);

  /** A handle that an earlier owner gave out has been adopted. */
  void adopted(Ino ino);

  /** A record for a request; null if nothing is to be remembered. */
  @Nullable RequestRecord request(long unique);

  /** What is known of a request that comes, maybe again; null if it has had no effect. */
  @Nullable EarlierRequest earlier(long unique);

  /** Everything is durable now: fails with EIO, once, if something was lost before. */
  void syncedAll() throws FsException;

  /**
   * What another host needs to go on with this client, once no request is under way: {@link
   * Clients#receive}. The volume is to be closed before it is opened there. Empty if nothing is
   * remembered of this client.
   */
  byte[] save();

  /** The client is gone for good; what it had open may go. */
  void end() throws IOException;
}
