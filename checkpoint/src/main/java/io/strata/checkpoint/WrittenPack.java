package io.strata.checkpoint;

import io.strata.store.Nonce;

/**
 * A pack that a checkpoint has written.
 *
 * @param nonce its name
 * @param pages how many pages it holds
 * @param pageBytes their stored bytes
 * @param objectBytes length of the object
 */
public record WrittenPack(Nonce nonce, int pages, long pageBytes, long objectBytes) {}
