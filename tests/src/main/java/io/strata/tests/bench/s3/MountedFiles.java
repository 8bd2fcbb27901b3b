package io.strata.tests.bench.s3;

import io.strata.tests.bench.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mounted directory.
 *
 * @param mount mounts it, a command for {@code sh -c} that returns when it is there
 * @param unmount unmounts it, and returns when whoever served it is done
 */
record MountedFiles(String name, Path directory, String mount, String unmount) implements Subject {
  private static final OpenOption[] NEW = {
    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE
  };

  /** Mounts it. */
  static MountedFiles mount(String name, Path directory, String mount, String unmount)
      throws IOException {
    Files.createDirectories(directory);
    MountedFiles mounted = new MountedFiles(name, directory, mount, unmount);
    Target.sh(mount);
    Files.createDirectories(mounted.folder());
    return mounted;
  }

  /** One of its own, as a bucket may have been mounted before, elsewhere. */
  private Path folder() {
    return directory.resolve(directory.getFileName());
  }

  @Override
  public SyncedFile file(String name) throws IOException {
    FileChannel channel = FileChannel.open(folder().resolve(name), NEW);
    ByteBuffer piece = direct(Payload.small());
    return new SyncedFile() {
      @Override
      public void append() throws IOException {
        channel.write(piece.clear());
        channel.force(true);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public void write(String name, int mib) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(Payload.MIB);
    try (FileChannel channel = FileChannel.open(folder().resolve(name), NEW)) {
      for (int i = 0; i < mib; i++) {
        channel.write(piece.clear().put(Payload.mebibyte(i)).flip());
      }
      channel.force(true);
    }
  }

  @Override
  public void read(String name, int mib) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(Payload.MIB);
    long count = 0;
    try (FileChannel channel = FileChannel.open(folder().resolve(name))) {
      for (int n = 0; n >= 0; n = channel.read(piece.clear())) {
        count += n;
      }
    }
    if (count != (long) mib * Payload.MIB) {
      throw new IOException(name + " is cut off");
    }
  }

  @Override
  public void directory(String name) throws IOException {
    Files.createDirectory(folder().resolve(name));
  }

  @Override
  public void create(String name, boolean synced) throws IOException {
    try (FileChannel channel = FileChannel.open(folder().resolve(name), NEW)) {
      channel.write(ByteBuffer.wrap(Payload.small()));
      if (synced) {
        channel.force(true);
      }
    }
  }

  @Override
  public void readSmall(String name) throws IOException {
    if (Files.readAllBytes(folder().resolve(name)).length != SMALL_BYTES) {
      throw new IOException(name + " is cut off");
    }
  }

  /** What a volume's mount has is in the store with the next fsync; others sent it at close. */
  @Override
  public void settle() throws IOException {
    Target.sh("sync -f '" + directory + "'");
    Path last = folder().resolve("settled");
    try (FileChannel channel = FileChannel.open(last, NEW)) {
      channel.write(ByteBuffer.wrap(Payload.small()));
      channel.force(true);
    }
    Files.delete(last);
  }

  @Override
  public void makeCold() throws IOException {
    Target.sh(unmount);
    Target.dropCaches();
    Target.sh(mount);
  }

  @Override
  public void close() throws IOException {
    Target.sh(unmount);
    Files.delete(directory);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes);
  }
}
