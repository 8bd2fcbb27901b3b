package io.strata.store;

import java.util.UUID;

/**
 * Which volume an object belongs to.
 *
 * @param uuid random (RFC 9562, version 4)
 */
public record VolumeId(UUID uuid) {
  @Override
  public String toString() {
    return uuid.toString();
  }
}
