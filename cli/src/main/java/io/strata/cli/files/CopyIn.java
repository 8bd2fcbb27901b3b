package io.strata.cli.files;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies files, directories and symbolic links into a volume, with their permissions and times. A
 * file is written under another name and then renamed: it is there with all its bytes or not at
 * all.
 *
 * @param files of the volume
 * @param recursive whether a directory may be copied
 */
public record CopyIn(VolumeFiles files, boolean recursive) {
  private static final String UNFINISHED = ".strata-put";

  /**
   * Copies what is at {@code local} to {@code path}, or into it if that is a directory and {@code
   * local} is none.
   */
  public void copy(Path local, String path) throws IOException, FsException {
    if (Files.isSymbolicLink(local)) {
      files.symlink(path, Files.readSymbolicLink(local).toString());
    } else if (Files.isRegularFile(local)) {
      copyFile(local, isDirectory(path) ? path + "/" + local.getFileName() : path);
    } else if (Files.isDirectory(local)) {
      if (!recursive) {
        throw new IOException(local + " is a directory: copy it with --recursive");
      }
      copyDirectory(local, path);
    } else {
      throw new IOException(local + " is no file, directory or symbolic link, or does not exist");
    }
  }

  private boolean isDirectory(String path) throws FsException {
    try {
      return files.find(path).type() == FileType.DIRECTORY;
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  private void copyFile(Path local, String path) throws IOException, FsException {
    String unfinished = path + UNFINISHED;
    try (InputStream in = Files.newInputStream(local);
        VolumeOutput out = files.write(unfinished, 0600)) {
      byte[] buffer = new byte[1 << 20];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
    keep(local, unfinished);
    files.rename(unfinished, path);
  }

  private void copyDirectory(Path local, String path) throws IOException, FsException {
    files.makeDirectories(path);
    List<Path> children;
    try (Stream<Path> all = Files.list(local)) {
      children = all.sorted().toList();
    }
    for (Path child : children) {
      if (Files.isSymbolicLink(child) || Files.isRegularFile(child) || Files.isDirectory(child)) {
        copy(child, path + "/" + child.getFileName());
      }
    }
    keep(local, path);
  }

  private void keep(Path local, String path) throws IOException, FsException {
    int mode = (int) Files.getAttribute(local, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    FileTime time = Files.getLastModifiedTime(local, LinkOption.NOFOLLOW_LINKS);
    Attributes now = files.findUnfollowed(path);
    files.change(
        path,
        new AttributeChange(
            mode & 07777,
            now.uid(),
            now.gid(),
            null,
            null,
            Timestamp.of(time.toInstant()),
            null,
            false));
  }
}
