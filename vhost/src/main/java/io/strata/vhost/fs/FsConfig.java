package io.strata.vhost.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the driver reads from the configuration space (virtio 1.2, 5.11.4).
 *
 * @param tag by which the guest mounts, 1 to 36 bytes of UTF-8 without NUL
 * @param requestQueues how many queues there are beside the one of high priority, 1 to 64
 */
public record FsConfig(String tag, int requestQueues) {
  /** What virtiofsd allows, and enough for any guest's processors. */
  private static final int REQUEST_QUEUES_MAX = 64;

  private static final int TAG_BYTES = 36;

  /** The tag, the number of request queues, and the size of notification buffers, of which none. */
  static final int BYTES = TAG_BYTES + 4 + 4;

  public FsConfig {
    int length = tag.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > TAG_BYTES || tag.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("tag \"" + tag + "\" has not 1 to 36 bytes");
    }
    if (requestQueues < 1 || requestQueues > REQUEST_QUEUES_MAX) {
      throw new IllegalArgumentException(requestQueues + " request queues, 1 to 64 are possible");
    }
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(tag.getBytes(StandardCharsets.UTF_8));
    bytes.putInt(TAG_BYTES, requestQueues);
    return bytes.array();
  }
}
