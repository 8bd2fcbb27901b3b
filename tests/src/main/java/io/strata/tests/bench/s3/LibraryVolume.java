package io.strata.tests.bench.s3;

import io.strata.cli.volume.StoreConnection;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A volume that this process itself has open: Strata without the kernel. */
final class LibraryVolume implements Subject {
  private static final Caller CALLER = Caller.ROOT;
  private static final int REGULAR = 0100644;
  private static final int DIRECTORY = 0040755;

  private final String url;
  private final Platform platform;
  private StoreConnection connection;
  private Volume volume;

  private LibraryVolume(
      String url, Platform platform, StoreConnection connection, Volume volume) {
    this.url = url;
    this.platform = platform;
    this.connection = connection;
    this.volume = volume;
  }

  /** Formats a volume and opens it. */
  static LibraryVolume format(String url, Platform platform) throws IOException {
    StoreConnection connection = connect(url, platform);
    Volume.format(connection.store(), FormatOptions.DEFAULT, platform);
    return new LibraryVolume(url, platform, connection, open(connection, platform));
  }

  private static StoreConnection connect(String url, Platform platform) throws IOException {
    return StoreConnection.open(url, Duration.ofMinutes(1), platform);
  }

  private static Volume open(StoreConnection connection, Platform platform) throws IOException {
    return Volume.open(connection.store(), OpenOptions.DEFAULT, platform);
  }

  @Override
  public String name() {
    return "library";
  }

  @Override
  public SyncedFile file(String name) throws IOException {
    FileSystem files = volume.fileSystem();
    long handle = create(name);
    MemorySegment piece = MemorySegment.ofArray(Payload.small());
    return new SyncedFile() {
      @Override
      public void append() throws IOException {
        try {
          files.append(CALLER, handle, piece);
          files.sync(CALLER, handle, false);
        } catch (FsException e) {
          throw failed(name, e);
        }
      }

      @Override
      public void close() throws IOException {
        release(name, handle);
      }
    };
  }

  @Override
  public void write(String name, int mib) throws IOException {
    FileSystem files = volume.fileSystem();
    long handle = create(name);
    try {
      for (int i = 0; i < mib; i++) {
        files.append(CALLER, handle, MemorySegment.ofArray(Payload.mebibyte(i)));
      }
      files.sync(CALLER, handle, false);
    } catch (FsException e) {
      throw failed(name, e);
    }
    release(name, handle);
  }

  @Override
  public void read(String name, int mib) throws IOException {
    FileSystem files = volume.fileSystem();
    MemorySegment piece = MemorySegment.ofArray(new byte[Payload.MIB]);
    try {
      long handle = files.open(CALLER, lookUp(name), OpenFlags.READ_ONLY);
      for (long i = 0; i < mib; i++) {
        if (files.read(CALLER, handle, i * Payload.MIB, piece) != Payload.MIB) {
          throw new IOException(name + " is cut off");
        }
      }
      files.release(handle);
    } catch (FsException e) {
      throw failed(name, e);
    }
  }

  @Override
  public void directory(String name) throws IOException {
    try {
      volume
          .fileSystem()
          .make(CALLER, parent(name), FileName.of(last(name)), new NewNode(DIRECTORY, 0));
    } catch (FsException e) {
      throw failed(name, e);
    }
  }

  @Override
  public void create(String name, boolean synced) throws IOException {
    long handle = create(name);
    FileSystem files = volume.fileSystem();
    try {
      files.append(CALLER, handle, MemorySegment.ofArray(Payload.small()));
      if (synced) {
        files.sync(CALLER, handle, false);
      }
    } catch (FsException e) {
      throw failed(name, e);
    }
    release(name, handle);
  }

  @Override
  public void readSmall(String name) throws IOException {
    FileSystem files = volume.fileSystem();
    try {
      long handle = files.open(CALLER, lookUp(name), OpenFlags.READ_ONLY);
      int count = files.read(CALLER, handle, 0, MemorySegment.ofArray(new byte[SMALL_BYTES]));
      files.release(handle);
      if (count != SMALL_BYTES) {
        throw new IOException(name + " is cut off");
      }
    } catch (FsException e) {
      throw failed(name, e);
    }
  }

  @Override
  public void settle() throws IOException {
    try {
      volume.fileSystem().syncAll(CALLER);
    } catch (FsException e) {
      throw failed("all", e);
    }
  }

  @Override
  public void makeCold() throws IOException {
    close();
    connection = connect(url, platform);
    volume = open(connection, platform);
  }

  @Override
  public void close() throws IOException {
    volume.close();
    connection.close();
  }

  private long create(String name) throws IOException {
    try {
      Opened opened =
          volume
              .fileSystem()
              .create(
                  CALLER,
                  parent(name),
                  FileName.of(last(name)),
                  new NewNode(REGULAR, 0),
                  OpenFlags.READ_WRITE);
      return opened.handle();
    } catch (FsException e) {
      throw failed(name, e);
    }
  }

  private void release(String name, long handle) throws IOException {
    try {
      volume.fileSystem().release(handle);
    } catch (FsException e) {
      throw failed(name, e);
    }
  }

  private Ino parent(String name) throws FsException {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? Ino.ROOT : lookUp(name.substring(0, slash));
  }

  private Ino lookUp(String name) throws FsException {
    Ino at = Ino.ROOT;
    for (String part : name.split("/", -1)) {
      at = volume.fileSystem().lookup(CALLER, at, FileName.of(part)).ino();
    }
    return at;
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static IOException failed(String name, FsException why) {
    return new IOException(name + ": " + why.getMessage(), why);
  }
}
