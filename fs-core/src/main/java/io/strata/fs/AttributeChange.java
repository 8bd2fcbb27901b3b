package io.strata.fs;

import io.strata.fs.schema.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * What {@code chmod}, {@code chown}, {@code truncate} and {@code utimens} ask to change; null means
 * to leave it.
 *
 * @param mode permission bits (07777); the type cannot change
 * @param uid new owner
 * @param gid new group
 * @param size new length in bytes
 * @param accessed new access time
 * @param modified new modification time
 * @param changed new change time; if null it becomes now
 * @param clearSetId whether to clear set-user-id, set-group-id and the file's capabilities, as the
 *     kernel asks when it has negotiated {@code FUSE_HANDLE_KILLPRIV_V2}
 */
public record AttributeChange(
    @Nullable Integer mode,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Long size,
    @Nullable Timestamp accessed,
    @Nullable Timestamp modified,
    @Nullable Timestamp changed,
    boolean clearSetId) {
  /** Changes nothing but the length. */
  public static AttributeChange size(long size) {
    return new AttributeChange(null, null, null, size, null, null, null, false);
  }

  /** Changes nothing but the permission bits. */
  public static AttributeChange mode(int mode) {
    return new AttributeChange(mode, null, null, null, null, null, null, false);
  }
}
