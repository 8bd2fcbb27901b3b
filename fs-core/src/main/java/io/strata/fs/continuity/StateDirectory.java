package io.strata.fs.continuity;

import java.nio.file.Path;

/**
 * Where a volume remembers its clients.
 *
 * @param path a folder for this volume alone, on a file system of this host; made if not there
 * @param incoming whether a client is about to arrive from another host ({@link Clients#receive}):
 *     until it has, no file without a name goes
 */
public record StateDirectory(Path path, boolean incoming) {}
