package io.strata.fs.copy;

import io.strata.store.VolumeId;

/**
 * What a copy has done.
 *
 * @param volume the volume
 * @param head the number of its newest head, as copied
 * @param inUse whether an owner had the volume meanwhile: the copy is as if he had been killed
 * @param copied objects that were put
 * @param copiedBytes their length
 * @param found objects that an earlier copy had put, of the right length
 * @param gone objects that their owner deleted as garbage before they could be read
 */
public record CopyReport(
    VolumeId volume,
    long head,
    boolean inUse,
    long copied,
    long copiedBytes,
    long found,
    long gone) {}
