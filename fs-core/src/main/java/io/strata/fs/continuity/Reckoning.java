package io.strata.fs.continuity;

import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out what the epochs before have lost and which requests have taken effect. Changes nothing
 * that would come out otherwise if it were done again. Confined to one thread.
 */
final class Reckoning {
  private static final Logger LOG = LoggerFactory.getLogger(Reckoning.class);

  private final StateFiles files;
  private final List<FormerEpoch> former;
  private final Losses losses;

  /** How many groups of an epoch count, where that is known. */
  private final Map<Integer, Long> groups = new HashMap<>();

  Reckoning(StateFiles files, List<FormerEpoch> former, Losses losses) {
    this.files = files;
    this.former = former;
    this.losses = losses;
  }

  void settle(Collection<ClientFile> clients) throws IOException {
    for (FormerEpoch past : former) {
      Optional<Witness> witness = files.openWitness(past.epoch());
      OptionalLong count = count(past, witness);
      count.ifPresent(value -> groups.put(past.epoch().value(), value));
      if (past.epoch().value() > losses.knownThrough() && !past.closed()) {
        lose(past.epoch(), witness, count, clients);
      }
    }
    for (ClientFile client : clients) {
      suspectUnknown(client);
      if (client.slotEpoch() > 0) {
        Long count = groups.get(client.slotEpoch());
        client.slots().judge(client.slotEpoch(), count != null, count == null ? 0 : count);
        client.slotsJudged();
      }
    }
  }

  /** Of the epochs that a client has lived through, whatever nothing is known of lost anything. */
  private void suspectUnknown(ClientFile client) {
    for (int epoch = client.served(); epoch > losses.knownThrough(); epoch--) {
      int past = epoch;
      if (!client.livedIn(epoch)) {
        return;
      }
      if (former.stream().noneMatch(one -> one.epoch().value() == past)) {
        LOG.warn("what epoch {} has lost is unknown", epoch);
        losses.loseAnything(epoch);
        return; // handles of earlier epochs are concerned as well
      }
    }
  }

  private static OptionalLong count(FormerEpoch past, Optional<Witness> witness) {
    if (past.closed()) {
      return OptionalLong.of(Long.MAX_VALUE);
    }
    if (past.groups().isPresent() || witness.isEmpty()) {
      return past.groups();
    }
    return witness.get().coveredBy(past.lastHead());
  }

  private void lose(
      Epoch epoch,
      Optional<Witness> witness,
      OptionalLong count,
      Collection<ClientFile> clients) {
    if (witness.isPresent() && count.isPresent()) {
      List<Ino> lost = witness.get().lostAfter(count.getAsLong());
      lost.forEach(ino -> losses.lose(ino.value(), epoch.value()));
      if (!lost.isEmpty()) {
        LOG.warn("the crash of epoch {} has lost writes to {} inodes", epoch, lost.size());
      }
      if (!witness.get().mayHaveLostMore(count.getAsLong())) {
        return;
      }
    } else if (clients.stream().noneMatch(client -> client.livedIn(epoch.value()))) {
      return;
    }
    LOG.warn("epoch {} may have lost writes to any inode", epoch);
    losses.loseAnything(epoch.value());
  }
}
