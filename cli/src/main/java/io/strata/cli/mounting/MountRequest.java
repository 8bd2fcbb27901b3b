package io.strata.cli.mounting;

import io.strata.fs.volume.OpenOptions;
import io.strata.fuse.mount.MountOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What is to be mounted, where and how.
 *
 * @param url of the volume, in normal form
 * @param directory where
 * @param opening how the volume is opened
 * @param mounting how it is mounted
 * @param storeTimeout how long reads ask a store that does not answer
 */
public record MountRequest(
    String url,
    Path directory,
    OpenOptions opening,
    MountOptions mounting,
    Duration storeTimeout) {}
