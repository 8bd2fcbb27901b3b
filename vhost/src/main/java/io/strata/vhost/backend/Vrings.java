package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.InflightDescription;
import io.strata.vhost.queue.InflightRegion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** All rings of a device, and what they have in common. Confined. */
final class Vrings {
  private final VirtioDevice device;
  private final MemoryTable memory;
  private final BooleanSupplier ending;
  private final List<Vring> rings = new ArrayList<>();
  private long features;
  private @Nullable InflightRegion inflight;

  Vrings(String name, VirtioDevice device, MemoryTable memory, BooleanSupplier ending) {
    this.ending = ending;
    this.device = device;
    this.memory = memory;
    for (int i = 0; i < device.queueCount(); i++) {
      rings.add(new Vring(name, i, this, device));
    }
  }

  Vring at(FrontEndMessage message, int index) throws RequestRefused {
    if (index < 0 || index >= rings.size()) {
      message.descriptors().forEach(Descriptor::close);
      throw new RequestRefused(
          message, "index", "is %d, of %d queues".formatted(index, rings.size()));
    }
    return rings.get(index);
  }

  boolean anyStarted() {
    return rings.stream().anyMatch(Vring::started);
  }

  /** Whether this process is to end, and nothing is worth waiting for. */
  boolean ending() {
    return ending.getAsBoolean();
  }

  long features() {
    return features;
  }

  MemoryTable memory() {
    return memory;
  }

  @Nullable InflightRegion inflight() {
    return inflight;
  }

  /** Without protocol features there is no message that enables rings. */
  void features(long negotiated) throws RequestRefused, InterruptedException {
    features = negotiated;
    if ((negotiated & Feature.PROTOCOL_FEATURES) == 0) {
      for (int i = 0; i < rings.size(); i++) {
        rings.get(i).enable(new FrontEndMessage.SetVringEnable(i, true));
      }
    }
  }

  /** Memory has another table. A ring that is not in it is broken, and says so. */
  void move(GuestMemory table) {
    rings.forEach(ring -> ring.move(table));
  }

  void inflight(FrontEndMessage.SetInflightFd set) throws RequestRefused {
    try (Descriptor file = set.descriptor()) {
      if (anyStarted()) {
        throw new RequestRefused(set, "inflight region", "comes while rings are started");
      }
      InflightDescription region = set.inflight();
      InflightRegion next =
          InflightRegion.map(
              file, region.mmapOffset(), region.mmapBytes(), region.queues(), region.queueSize());
      closeInflight();
      inflight = next;
    } catch (RequestRefused e) {
      throw e;
    } catch (IOException e) {
      throw new RequestRefused(set, e);
    }
  }

  private void closeInflight() {
    if (inflight != null) {
      inflight.close();
      inflight = null;
    }
  }

  /** The first ring is about to start. */
  void starting() {
    if (!anyStarted()) {
      device.started(features);
    }
  }

  /** Stops and forgets all rings. */
  void reset() throws InterruptedException {
    for (Vring ring : rings) {
      ring.reset();
    }
    if (!ending()) {
      device.quiesce();
    }
  }

  void end() throws InterruptedException {
    try {
      reset();
    } finally {
      closeInflight();
    }
  }
}
