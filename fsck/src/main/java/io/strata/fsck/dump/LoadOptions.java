package io.strata.fsck.dump;

import io.strata.fsck.FsckOptions;
import java.util.function.LongConsumer;

/**
 * How a dump is loaded.
 *
 * @param check where tables go, and how the volume is checked afterwards
 * @param edited whether the file was changed by hand, so that its checksum need not fit
 * @param takeOver whether the volume is taken from an owner on a machine that is gone
 * @param progress told now and then how many lines have been read
 */
public record LoadOptions(
    FsckOptions check, boolean edited, boolean takeOver, LongConsumer progress) {}
