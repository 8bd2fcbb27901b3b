package io.strata.vhost.backend;

import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.ProtocolFeature;

/** What this back end can do, whatever the device. */
final class Offer {
  static final long PROTOCOL_FEATURES =
      ProtocolFeature.MQ
          | ProtocolFeature.LOG_SHMFD
          | ProtocolFeature.REPLY_ACK
          | ProtocolFeature.BACKEND_REQ
          | ProtocolFeature.CONFIG
          | ProtocolFeature.INFLIGHT_SHMFD
          | ProtocolFeature.RESET_DEVICE
          | ProtocolFeature.CONFIGURE_MEM_SLOTS
          | ProtocolFeature.STATUS
          | ProtocolFeature.DEVICE_STATE;

  private Offer() {}

  static long features(VirtioDevice device) {
    return device.deviceFeatures()
        | Feature.VERSION_1
        | Feature.PROTOCOL_FEATURES
        | Feature.RING_PACKED
        | Feature.RING_INDIRECT_DESC
        | Feature.RING_EVENT_IDX
        | Feature.LOG_ALL;
  }
}
