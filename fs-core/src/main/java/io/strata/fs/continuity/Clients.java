package io.strata.fs.continuity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The clients of a volume, by names that stay the same from one process to the next, such as the
 * path of a socket. Safe for any thread.
 */
public interface Clients {
  /** Remembers nobody. */
  Clients FORGOTTEN =
      new Clients() {
        @Override
        public Client begin(String name, byte[] session) {
          return Client.FORGOTTEN;
        }

        @Override
        public Optional<Client> resume(String name) {
          return Optional.empty();
        }

        @Override
        public void receive(String name, byte[] state) throws IOException {
          throw new IOException("a volume that remembers no clients cannot take one over");
        }

        @Override
        public Optional<Path> companion(String name, String what) {
          return Optional.empty();
        }

        @Override
        public void keepOnly(Set<String> names) {
          // There are none.
        }
      };

  /**
   * Begins a client. An earlier one of that name is gone for good. It is remembered when this
   * returns.
   *
   * @param session what its session needs to go on, at most 1,024 bytes
   */
  Client begin(String name, byte[] session) throws IOException;

  /** The client of that name that there was when the volume was opened, or was received since. */
  Optional<Client> resume(String name);

  /**
   * Takes over a client that another host saved, to be resumed.
   *
   * @throws IOException if it is not of this volume, or its volume is not closed there yet
   */
  void receive(String name, byte[] state) throws IOException;

  /**
   * A file in which others remember what belongs to a client; empty if nothing is remembered. If
   * there is such a file when the volume is opened, its client is one that may be resumed.
   *
   * @param what tells it from other files of the client: letters only
   */
  Optional<Path> companion(String name, String what);

  /** Gives up all clients but those: nobody will come back under the other names. */
  void keepOnly(Set<String> names) throws IOException;
}
