package io.strata.fs.continuity;

import io.strata.fs.Inheritance;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a volume that is open: its clients, those of earlier epochs among them, what these
 * have lost, and the witness of the present epoch. Safe for any thread; what begins and ends
 * clients is guarded by this.
 */
public final class Continuity implements Clients, Inheritance, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Continuity.class);

  private final StateFiles files;
  private final Epoch epoch;
  private final List<FormerEpoch> former;
  private final Losses losses;
  private final Witness witness;
  private final Runnable reaper;
  private final Map<String, KeptClient> clients = new ConcurrentHashMap<>();
  private final LossFile lossFile;
  private volatile boolean incoming;

  private Continuity(
      StateFiles files,
      Epoch epoch,
      List<FormerEpoch> former,
      Losses losses,
      LossFile lossFile,
      Witness witness,
      Runnable reaper,
      boolean incoming) {
    this.files = files;
    this.epoch = epoch;
    this.former = List.copyOf(former);
    this.losses = losses;
    this.lossFile = lossFile;
    this.witness = witness;
    this.reaper = reaper;
    this.incoming = incoming;
  }

  /**
   * Takes over what the epochs before have left in a folder.
   *
   * @param volume the volume that is being opened
   * @param boot tells one run of this host from the next; empty if unknown: nothing is taken over
   * @param epoch the present epoch
   * @param former what recovery found of the epochs before
   * @param durable tells the last group of this epoch that is durable
   * @param reaper is run when files without names may have been given up
   */
  public static Continuity open(
      StateDirectory directory,
      VolumeId volume,
      String boot,
      Epoch epoch,
      List<FormerEpoch> former,
      LongSupplier durable,
      Runnable reaper)
      throws IOException {
    StateFiles files = new StateFiles(directory.path(), new MappedFile.Owner(volume, boot));
    files.prepare();
    Map<String, ClientFile> there = files.clients();
    Losses losses = new Losses();
    if (!there.isEmpty()) {
      LossFile.read(files.losses(), volume, losses);
      new Reckoning(files, former, losses).settle(there.values());
    }
    losses.knownThrough(epoch.value() - 1);
    LossFile lossFile = LossFile.write(files.losses(), volume, losses);
    try {
      Witness witness = Witness.create(files.witness(epoch), files.owner(), epoch, durable);
      files.removeWitnessesBefore(epoch);
      Continuity continuity =
          new Continuity(
              files, epoch, former, losses, lossFile, witness, reaper, directory.incoming());
      there.forEach(
          (key, file) ->
              continuity.clients.put(key, KeptClient.former(key, file, continuity)));
      return continuity;
    } catch (IOException | RuntimeException e) {
      lossFile.close();
      throw e;
    }
  }

  Epoch epoch() {
    return epoch;
  }

  MappedFile.Owner owner() {
    return files.owner();
  }

  Losses losses() {
    return losses;
  }

  Witness witness() {
    return witness;
  }

  /** Looks again which files without names may go. */
  void reap() {
    reaper.run();
  }

  /**
   * Notes, before a head of this epoch is committed, which groups its tree holds.
   *
   * @param head its number
   * @param group the last of them
   */
  public void covered(long head, long group) {
    witness.covered(head, group);
  }

  @Override
  public synchronized Client begin(String name, byte[] session) throws IOException {
    String key = StateFiles.key(name);
    ClientFile file =
        ClientFile.create(
            files.client(key), files.owner(), ClientFile.Beginning.in(epoch, session));
    KeptClient before = clients.put(key, KeptClient.fresh(key, file, this));
    incoming = false;
    if (before != null) {
      retire(before);
    }
    return clients.get(key);
  }

  @Override
  public synchronized Optional<Client> resume(String name) {
    KeptClient client = clients.get(StateFiles.key(name));
    if (client == null || !client.isFormer() || client.isServed()) {
      return Optional.empty();
    }
    client.serve();
    return Optional.of(client);
  }

  @Override
  public synchronized void receive(String name, byte[] state) throws IOException {
    SavedClient saved = SavedClient.decode(state);
    if (!saved.volume().equals(files.owner().volume())) {
      throw new IOException("the client is one of another volume: " + saved.volume());
    }
    if (saved.epoch() >= epoch.value()) {
      throw new IOException(
          "the client is served in epoch %d, which is not over".formatted(saved.epoch()));
    }
    boolean closed =
        former.stream()
            .anyMatch(past -> past.epoch().value() == saved.epoch() && past.closed());
    if (!closed) {
      losses.loseAnything(saved.epoch());
      lossFile.loseAnything(saved.epoch());
    }
    String key = StateFiles.key(name);
    ClientFile file =
        ClientFile.create(files.client(key), files.owner(), ClientFile.Beginning.of(saved));
    KeptClient before = clients.put(key, KeptClient.former(key, file, this));
    incoming = false;
    if (before != null) {
      retire(before);
    }
    reap();
  }

  @Override
  public Optional<Path> companion(String name, String what) {
    return Optional.of(files.companion(StateFiles.key(name), what));
  }

  @Override
  public synchronized void keepOnly(Set<String> names) throws IOException {
    Set<String> kept = new HashSet<>();
    names.forEach(name -> kept.add(StateFiles.key(name)));
    for (KeptClient client : List.copyOf(clients.values())) {
      if (!kept.contains(client.key())) {
        end(client);
      }
    }
  }

  synchronized void end(KeptClient client) throws IOException {
    if (clients.remove(client.key(), client)) {
      files.removeClient(client.key());
    }
    retire(client);
  }

  private void retire(KeptClient client) {
    boolean former = client.isFormer();
    client.retire();
    if (former) {
      if (clients.values().stream().noneMatch(KeptClient::isFormer)) {
        losses.clear();
      }
      reap();
    }
  }

  @Override
  public boolean mayBeHeld(Ino ino) {
    if (ino.value() >>> 40 >= epoch.value()) {
      return false;
    }
    if (incoming) {
      return true;
    }
    for (KeptClient client : clients.values()) {
      if (client.misses(ino)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean lostWrites(Ino ino) {
    int lost = lostIn(ino);
    return lost > 0 && lost >= losses.toldOf(ino.value());
  }

  @Override
  public boolean hasLost(Ino ino) {
    return lostIn(ino) > 0;
  }

  /** The last epoch in which an inode lost something; 0 if it did not. */
  int lostIn(Ino ino) {
    int lost = losses.lostIn(ino.value());
    for (KeptClient client : clients.values()) {
      lost = Math.max(lost, client.lostIn(ino));
    }
    return lost;
  }

  /** The last epoch in which any inode lost something; 0 if none did. */
  int lastLoss() {
    int lost = losses.lastCertain();
    for (KeptClient client : clients.values()) {
      lost = Math.max(lost, client.lostIn(null));
    }
    return lost;
  }

  @Override
  public void told(Ino ino, long handle) {
    LOG.warn("a sync of inode {} fails, as a crash has lost writes to it", ino);
    Losses.Telling telling = new Losses.Telling(epoch.value(), ino.value(), handle);
    losses.tell(telling);
    try {
      synchronized (this) {
        lossFile.tell(telling);
      }
    } catch (IOException e) {
      LOG.warn("after another crash it will fail once more: {}", e.getMessage());
    }
  }

  /**
   * The volume is closed or given up; clients are remembered for whoever opens it next. Without any
   * there is nothing to remember.
   */
  @Override
  public synchronized void close() {
    try {
      lossFile.close();
      if (clients.isEmpty()) {
        files.removeAll();
      }
    } catch (IOException e) {
      LOG.warn("{} is not in order: {}", files.path(), e.getMessage());
    }
  }
}
