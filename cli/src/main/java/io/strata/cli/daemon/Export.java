package io.strata.cli.daemon;

import io.strata.fuse.server.SessionStats;
import io.strata.fs.Replacement;
import io.strata.store.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A way in which an open volume can be used: a mount, or sockets for guests. Safe for any thread.
 *
 * <p>The volume stays open until {@link #await} returns, and nobody uses it any more then.
 */
public interface Export {
  /** Where it is to be found: the directory of a mount, the sockets of guests; absolute paths. */
  List<Path> places();

  /** Waits for its end, whoever brings that about. */
  void await() throws InterruptedException;

  /**
   * Begins its end, and returns without waiting for that.
   *
   * @param force also if somebody uses it, who then gets errors
   * @throws IOException if somebody does, or it is not possible
   */
  void end(boolean force) throws IOException;

  /** Ends it in the way that a signal to this process asks for, as gently as that allows. */
  void close() throws IOException;

  /**
   * Has kernels write what they hold back, as far as they can be asked to.
   *
   * @throws IOException if it could not be written
   */
  void settle() throws IOException;

  /**
   * Replaces all files under kernels. They write what they hold back before, and forget what they
   * remember, as far as they can be told to; others remember it for as long as they were allowed to.
   *
   * @param newest the epoch of the volume's owner
   * @param replacement replaces them
   * @throws IOException if that cannot be done while they use the files; nothing was done then
   */
  <T> T replace(Epoch newest, Replacement<T> replacement) throws IOException;

  /** What happened so far, for each kernel that uses it. */
  List<SessionStats> sessions();
}
