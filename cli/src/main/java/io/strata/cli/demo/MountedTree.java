package io.strata.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** A volume through its mount, with the system calls that any program makes. */
record MountedTree(Path root) implements DemoTree {
  @Override
  public void makeDirectories(String path) throws IOException {
    Files.createDirectories(root.resolve(path));
  }

  @Override
  public OutputStream write(String path) throws IOException {
    return Files.newOutputStream(root.resolve(path));
  }

  @Override
  public Appender append(String path) throws IOException {
    return new FileAppender(
        FileChannel.open(root.resolve(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  @Override
  public InputStream read(String path) throws IOException {
    return Files.newInputStream(root.resolve(path));
  }

  @Override
  public void rename(String path, String newPath) throws IOException {
    Files.move(root.resolve(path), root.resolve(newPath), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(String path, String newPath) throws IOException {
    Files.createLink(root.resolve(newPath), root.resolve(path));
  }

  @Override
  public int links(String path) throws IOException {
    return (int) Files.getAttribute(root.resolve(path), "unix:nlink");
  }

  @Override
  public void forEachFile(String directory, FileVisitor visitor) throws IOException {
    Files.walkFileTree(
        root.resolve(directory),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              visitor.file(root.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void sync() throws IOException {
    // The kernel sends a file's bytes on when it is closed, but passes no syncfs(2) on to FUSE: the
    // fsync of any directory makes all that came before it durable.
    try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public Optional<Path> directory() {
    return Optional.of(root);
  }

  @Override
  public void close() {}

  private record FileAppender(FileChannel channel) implements Appender {
    @Override
    public void append(byte[] bytes) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
