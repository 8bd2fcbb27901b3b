package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.memory.InvalidGuestMemory;
import io.strata.vhost.protocol.BackEndReply;
import io.strata.vhost.protocol.ConfigRange;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.protocol.InflightDescription;
import io.strata.vhost.protocol.ProtocolFeature;
import io.strata.vhost.queue.InflightRegion;
import io.strata.vhost.queue.QueueSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a front end has set up so far, and what each of its messages does to that. Confined to the
 * connection's thread, {@link #configChanged} apart. Descriptors of a message are taken over by
 * what uses them and closed otherwise, whether or not the message is refused.
 */
final class FrontEndState {
  private static final BackEndReply DONE = new BackEndReply.Value(0);
  private static final BackEndReply FAILED = new BackEndReply.Value(1);

  private final VirtioDevice device;
  private final long offered;
  private final MemoryTable memory;
  private final Vrings vrings;
  private final StateTransfer transfer;
  private final FrontEndChannel channel = new FrontEndChannel();

  private long protocolFeatures;
  private long status;

  FrontEndState(String name, VirtioDevice device, BooleanSupplier ending) throws IOException {
    this.device = device;
    this.offered = Offer.features(device);
    this.memory = new MemoryTable();
    this.vrings = new Vrings(name, device, memory, ending);
    this.transfer = new StateTransfer(device);
  }

  /** Whether the front end may ask for an answer to any message. */
  boolean acknowledges() {
    return (protocolFeatures & ProtocolFeature.REPLY_ACK) != 0;
  }

  /**
   * Does what a message asks.
   *
   * @return the answer that this kind of message has; null if it has none
   */
  @Nullable BackEndReply handle(FrontEndMessage message)
      throws RequestRefused, InterruptedException {
    try {
      return dispatch(message);
    } catch (InvalidGuestMemory | SystemCallException e) {
      throw new RequestRefused(message, e);
    }
  }

  private @Nullable BackEndReply dispatch(FrontEndMessage message)
      throws RequestRefused, InvalidGuestMemory, SystemCallException, InterruptedException {
    return switch (message) {
      case FrontEndMessage.GetFeatures _ -> new BackEndReply.Value(offered);
      case FrontEndMessage.SetFeatures set -> {
        requireOffered(message, set.features(), offered);
        vrings.features(set.features());
        if ((set.features() & Feature.LOG_ALL) == 0) {
          memory.log().end();
        }
        yield null;
      }
      // One front end has the socket: there is no other whose it could be.
      case FrontEndMessage.SetOwner _, FrontEndMessage.ResetOwner _ -> null;
      case FrontEndMessage.GetProtocolFeatures _ -> new BackEndReply.Value(Offer.PROTOCOL_FEATURES);
      case FrontEndMessage.SetProtocolFeatures set -> {
        requireOffered(message, set.features(), Offer.PROTOCOL_FEATURES);
        protocolFeatures = set.features();
        yield null;
      }
      case FrontEndMessage.GetQueueNum _ -> new BackEndReply.Value(device.queueCount());
      case FrontEndMessage.GetMaxMemSlots _ -> new BackEndReply.Value(MemoryTable.REGIONS_MAX);
      case FrontEndMessage.SetMemTable set -> {
        vrings.move(memory.replace(set));
        yield null;
      }
      case FrontEndMessage.AddMemReg add -> {
        vrings.move(memory.add(add));
        yield null;
      }
      case FrontEndMessage.RemMemReg remove -> {
        vrings.move(memory.remove(remove));
        yield null;
      }
      case FrontEndMessage.SetLogBase set -> {
        try (Descriptor file = set.descriptor()) {
          memory.log().begin(file, set.mmapOffset(), set.mmapBytes());
        }
        yield DONE;
      }
      case FrontEndMessage.SetLogFd set -> {
        memory.log().listener(EventDescriptor.of(set.descriptor()));
        yield null;
      }
      case FrontEndMessage.SetVringNum set -> {
        vrings.at(message, set.index()).entries(set);
        yield null;
      }
      case FrontEndMessage.SetVringAddr set -> {
        vrings.at(message, set.index()).address(set);
        yield null;
      }
      case FrontEndMessage.SetVringBase set -> {
        vrings.at(message, set.index()).base(set);
        yield null;
      }
      case FrontEndMessage.GetVringBase get -> {
        int base = vrings.at(message, get.index()).stop();
        yield new BackEndReply.VringBase(get.index(), base);
      }
      case FrontEndMessage.SetVringKick set -> {
        vrings.at(message, set.index()).kick(set);
        yield null;
      }
      case FrontEndMessage.SetVringCall set -> {
        vrings.at(message, set.index()).call(set);
        yield null;
      }
      case FrontEndMessage.SetVringErr set -> {
        vrings.at(message, set.index()).error(set);
        yield null;
      }
      case FrontEndMessage.SetVringEnable set -> {
        vrings.at(message, set.index()).enable(set);
        yield null;
      }
      case FrontEndMessage.GetInflightFd get -> newInflight(message, get.wanted());
      case FrontEndMessage.SetInflightFd set -> {
        vrings.inflight(set);
        yield null;
      }
      case FrontEndMessage.GetConfig get -> readConfig(get.range());
      case FrontEndMessage.SetConfig set -> {
        writeConfig(set);
        yield null;
      }
      case FrontEndMessage.SetBackendReqFd set -> {
        channel.replace(set.descriptor());
        yield null;
      }
      case FrontEndMessage.ResetDevice _ -> {
        vrings.reset();
        device.reset();
        status = 0;
        yield null;
      }
      // QEMU sets 0 whenever it stops the device, also to pause or to migrate: what the guest has
      // open must outlive that. A reset that is one comes as RESET_DEVICE, or as the guest's INIT.
      case FrontEndMessage.SetStatus set -> {
        status = set.status();
        yield null;
      }
      case FrontEndMessage.GetStatus _ -> new BackEndReply.Value(status);
      case FrontEndMessage.SetDeviceStateFd set -> transfer.begin(set, vrings.anyStarted());
      case FrontEndMessage.CheckDeviceState _ -> transfer.finish() ? DONE : FAILED;
    };
  }

  private static void requireOffered(FrontEndMessage message, long wanted, long offered)
      throws RequestRefused {
    if ((wanted & ~offered) != 0) {
      throw new RequestRefused(
          message, "features", "0x%x were not offered".formatted(wanted & ~offered));
    }
  }

  private BackEndReply newInflight(FrontEndMessage message, InflightDescription wanted)
      throws RequestRefused, SystemCallException {
    if (wanted.queues() < 1
        || wanted.queues() > device.queueCount()
        || wanted.queueSize() < 1
        || wanted.queueSize() > QueueSettings.ENTRIES_MAX) {
      throw new RequestRefused(
          message,
          "inflight region",
          "for %d queues of %d entries".formatted(wanted.queues(), wanted.queueSize()));
    }
    long bytes = InflightRegion.byteSize(wanted.queues(), wanted.queueSize());
    return new BackEndReply.Inflight(
        new InflightDescription(bytes, 0, wanted.queues(), wanted.queueSize()),
        InflightRegion.create(wanted.queues(), wanted.queueSize()));
  }

  private BackEndReply readConfig(ConfigRange range) {
    if (!inConfig(range)) {
      return new BackEndReply.Config(
          new ConfigRange(range.offset(), 0, range.flags()), ByteBuffer.allocate(0));
    }
    byte[] bytes = new byte[range.byteSize()];
    device.readConfig(range.offset(), bytes);
    return new BackEndReply.Config(range, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  private void writeConfig(FrontEndMessage.SetConfig set) throws RequestRefused {
    if (!inConfig(set.range())) {
      throw new RequestRefused(set, "offset", "and size are outside of the configuration space");
    }
    byte[] bytes = new byte[set.range().byteSize()];
    set.bytes().duplicate().get(bytes);
    boolean migrating = (set.range().flags() & ConfigRange.MIGRATING) != 0;
    if (!device.writeConfig(set.range().offset(), bytes, migrating)) {
      throw new RequestRefused(set, "offset", set.range().offset() + " may not be written");
    }
  }

  private boolean inConfig(ConfigRange range) {
    return range.offset() >= 0
        && range.byteSize() >= 0
        && range.byteSize() <= device.configBytes() - range.offset();
  }

  void configChanged() {
    channel.configChanged();
  }

  void end() throws InterruptedException {
    transfer.end();
    try {
      vrings.end();
    } finally {
      channel.close();
      memory.close();
    }
  }
}
