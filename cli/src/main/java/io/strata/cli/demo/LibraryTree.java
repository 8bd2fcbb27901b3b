package io.strata.cli.demo;

import io.strata.cli.files.Entry;
import io.strata.cli.files.VolumeFiles;
import io.strata.cli.files.VolumeOutput;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A volume through the library, where nothing can be mounted.
 *
 * @param files of a volume that somebody else opens and closes
 */
record LibraryTree(VolumeFiles files) implements DemoTree {
  private static final int PERMISSIONS = 0644;

  private interface Call<T> {
    T call() throws FsException;
  }

  /** Programs get an errno; here it comes as an exception of its own. */
  private static <T> T io(Call<T> call) throws IOException {
    try {
      return call.call();
    } catch (FsException e) {
      throw new IOException(e.errno() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void makeDirectories(String path) throws IOException {
    io(
        () -> {
          files.makeDirectories(path);
          return true;
        });
  }

  @Override
  public OutputStream write(String path) throws IOException {
    return io(() -> files.write(path, PERMISSIONS));
  }

  @Override
  public Appender append(String path) throws IOException {
    return new OutputAppender(io(() -> files.append(path, PERMISSIONS)));
  }

  @Override
  public InputStream read(String path) throws IOException {
    return io(() -> files.read(path));
  }

  @Override
  public void rename(String path, String newPath) throws IOException {
    io(
        () -> {
          files.rename(path, newPath);
          return true;
        });
  }

  @Override
  public void link(String path, String newPath) throws IOException {
    io(
        () -> {
          files.link(path, newPath);
          return true;
        });
  }

  @Override
  public int links(String path) throws IOException {
    return io(() -> files.links(path));
  }

  @Override
  public void forEachFile(String directory, FileVisitor visitor) throws IOException {
    List<Entry> entries = io(() -> files.list(directory));
    for (Entry entry : entries) {
      String path = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
      if (entry.attributes().type() == FileType.DIRECTORY) {
        forEachFile(path, visitor);
      } else if (entry.attributes().type() == FileType.REGULAR) {
        visitor.file(path);
      }
    }
  }

  @Override
  public void sync() throws IOException {
    io(
        () -> {
          files.sync();
          return true;
        });
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  private record OutputAppender(VolumeOutput out) implements Appender {
    @Override
    public void append(byte[] bytes) throws IOException {
      out.write(bytes);
    }

    @Override
    public void sync() throws IOException {
      out.sync();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
