package io.strata.fs;

import io.strata.store.Epoch;
import java.util.List;

/** The snapshots of a volume, to be looked at beside it. Safe for any thread. */
public interface PastStates {
  /** Of a volume that shows none. */
  PastStates NONE =
      new PastStates() {
        @Override
        public HandleCounter handles() {
          return HandleCounter.ofSnapshots(new Epoch(1));
        }

        @Override
        public List<PastState> list() {
          return List.of();
        }

        @Override
        public Visit visit(Caller caller, PastState state) throws FsException {
          throw new FsException(Errno.ESTALE, "there is no snapshot " + state.name());
        }
      };

  /** Numbers the handles in all of them, in the epoch in which the volume is open. */
  HandleCounter handles();

  /** All there are, oldest first; the same list as long as nothing has changed. */
  List<PastState> list();

  /**
   * Makes a snapshot readable, which is left and may be entered again as often as one likes. That
   * reads the store, unless it has been entered a short time ago.
   *
   * @throws FsException ESTALE if it was deleted; ENFILE if files are open in as many others as can
   *     be read at a time; {@link WouldBlock} if the store has to be read and the caller may not
   *     wait; EIO if the store fails
   */
  Visit visit(Caller caller, PastState state) throws FsException;

  /** The use of one snapshot. */
  interface Visit extends AutoCloseable {
    /** Its files, whose numbers are their own; they may fail with ESTALE once it is deleted. */
    FileSystem files();

    /** Ends the use, once; handles have to be released before. */
    @Override
    void close();
  }
}
