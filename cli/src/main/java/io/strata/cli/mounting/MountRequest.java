package io.strata.cli.mounting;

import io.strata.cli.daemon.VolumeRequest;
import io.strata.fuse.mount.MountOptions;
import java.nio.file.Path;

/**
 * What is to be mounted, where and how.
 *
 * @param volume which one, and how it is opened
 * @param directory where
 * @param mounting how it is mounted
 */
public record MountRequest(VolumeRequest volume, Path directory, MountOptions mounting) {}
