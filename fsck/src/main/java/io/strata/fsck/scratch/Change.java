package io.strata.fsck.scratch;

import org.jspecify.annotations.Nullable;

/**
 * The last that was said about a key.
 *
 * @param value null if the key was deleted
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Change(byte[] key, byte @Nullable [] value) {}
