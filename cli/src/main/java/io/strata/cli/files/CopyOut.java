package io.strata.cli.files;

import io.strata.fs.Attributes;
import io.strata.fs.FsException;
import io.strata.fs.schema.Timestamp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Copies files, directories and symbolic links out of a volume, with their permissions and times.
 * Devices, fifos and sockets are left out: they mean nothing elsewhere.
 *
 * @param files of the volume
 * @param recursive whether a directory may be copied
 */
public record CopyOut(VolumeFiles files, boolean recursive) {
  /** Copies what is at {@code path} to {@code local}. */
  public void copy(String path, Path local) throws IOException, FsException {
    Attributes attributes = files.findUnfollowed(path);
    switch (attributes.type()) {
      case REGULAR -> {
        try (VolumeInput in = files.read(path);
            OutputStream out = Files.newOutputStream(local)) {
          in.transferTo(out);
        }
        keep(attributes, local);
      }
      case DIRECTORY -> {
        if (!recursive) {
          throw new IOException(path + " is a directory: copy it with --recursive");
        }
        Files.createDirectories(local);
        for (Entry entry : files.list(path)) {
          copy(path + "/" + entry.name(), local.resolve(entry.name()));
        }
        keep(attributes, local);
      }
      case SYMLINK -> {
        Files.deleteIfExists(local);
        Files.createSymbolicLink(local, Path.of(files.readLink(path)));
      }
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> {
        // Left out.
      }
    }
  }

  private static void keep(Attributes attributes, Path local) throws IOException {
    Files.setAttribute(local, "unix:mode", attributes.mode() & 07777);
    Timestamp modified = attributes.modified();
    Files.setLastModifiedTime(
        local, FileTime.from(Instant.ofEpochSecond(modified.seconds(), modified.nanos())));
  }
}
