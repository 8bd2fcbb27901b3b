package io.strata.store.file;

import io.strata.platform.Platform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.Receiver;
import io.strata.store.Place;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files under a root folder. How it lasts is told in the package's description.
 *
 * <p>The root is made by the first put. Safe for use by any thread, and by many processes at once.
 */
public final class FileStore implements ObjectStore {
  private static final int READ_BYTES_MAX = 1 << 20;
  private static final int PLACE_ATTEMPTS_MAX = 3;

  private final Path root;
  private final Folders folders;
  private final TempFiles tempFiles;
  private final Platform platform;

  private FileStore(Path root, Platform platform) {
    this.root = root;
    this.platform = platform;
    this.folders = new Folders(root);
    this.tempFiles = new TempFiles(root, folders, platform);
  }

  /**
   * Opens the store in a folder, which need not exist yet. Changes nothing.
   *
   * @throws StoreException.Refused if there is something else, or no permission to read it
   */
  public static FileStore open(Path root, Platform platform) throws StoreException {
    Path absolute = root.toAbsolutePath().normalize();
    if (absolute.getParent() == null) {
      throw new StoreException.Refused("/ cannot be a store; name a folder in it", null);
    }
    Path real;
    try {
      real = absolute.toRealPath();
    } catch (NoSuchFileException e) {
      return new FileStore(absolute, platform);
    } catch (IOException e) {
      throw FileErrors.explain("open file:" + absolute, e);
    }
    if (!Files.isDirectory(real)) {
      throw new StoreException.Refused(real + " is not a folder, so no store can be in it", null);
    }
    if (!Files.isReadable(real) || !Files.isExecutable(real)) {
      throw new StoreException.Refused("no permission to read the folder " + real, null);
    }
    return new FileStore(real, platform);
  }

  /**
   * Where a folder really is, as far as there is one: links on the way to it are followed.
   *
   * @throws StoreException.Refused if that cannot be found out
   */
  public static Path real(Path folder) throws StoreException {
    Path absolute = folder.toAbsolutePath().normalize();
    for (Path there = absolute; there != null; there = there.getParent()) {
      if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        try {
          return there.toRealPath().resolve(there.relativize(absolute)).normalize();
        } catch (IOException e) {
          throw FileErrors.explain("open file:" + absolute, e);
        }
      }
    }
    return absolute;
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    Path object = root.resolve(key.value());
    Path folder = folderOf(object);
    try {
      folders.enterOrMake(folder);
      Path temp = tempFiles.write(body);
      boolean placed;
      try {
        placed = place(temp, object, condition);
      } finally {
        Files.deleteIfExists(temp);
      }
      // Also if the name was taken: whoever put it may not have come to its own sync yet.
      folders.sync(folder);
      if (!placed) {
        throw taken(key, object);
      }
    } catch (IOException e) {
      throw explain("put", key, e);
    }
  }

  /** Gives a file its name, unless the name is taken. */
  private boolean place(Path temp, Path object, Condition condition) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        switch (condition) {
          case ABSENT -> Files.createLink(object, temp);
          case NONE -> Files.move(temp, object, StandardCopyOption.ATOMIC_MOVE);
        }
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (NoSuchFileException e) {
        if (attempt == PLACE_ATTEMPTS_MAX || !Files.exists(temp)) {
          throw e;
        }
        // A stranger who tidies up has removed the empty folder.
        folders.forget(folderOf(object));
        folders.enterOrMake(folderOf(object));
      }
    }
  }

  private StoreException taken(ObjectKey key, Path object) {
    if (Files.isDirectory(object, LinkOption.NOFOLLOW_LINKS)) {
      return new StoreException.Refused(
          "put %s in %s: there are objects under %s/".formatted(key, location(), key), null);
    }
    return new StoreException.Exists(key, location());
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return read(
        key,
        (channel, length) -> {
          long at = range.start(length);
          ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(range.end(length) - at));
          while (bytes.hasRemaining()) {
            bytes.limit(Math.min(bytes.capacity(), bytes.position() + READ_BYTES_MAX));
            readOn(key, channel, at + bytes.position(), bytes);
            bytes.limit(bytes.capacity());
          }
          return bytes.flip();
        });
  }

  @Override
  public void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    read(
        key,
        (channel, length) -> {
          long at = range.start(length);
          long end = range.end(length);
          Receiver.Arrival arrival = receiver.begin(Math.toIntExact(end - at));
          ByteBuffer piece =
              ByteBuffer.allocate(Math.toIntExact(Math.min(READ_BYTES_MAX, end - at)));
          while (at < end) {
            piece.clear().limit(Math.toIntExact(Math.min(piece.capacity(), end - at)));
            at += readOn(key, channel, at, piece);
            arrival.take(piece.flip());
          }
          return key;
        });
  }

  /** Reads an open object. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(FileChannel channel, long length) throws IOException;
  }

  private <T> T read(ObjectKey key, Reading<T> reading) throws StoreException {
    Path object = root.resolve(key.value());
    try {
      if (attributes(key) == null) {
        throw new StoreException.Missing(key, location());
      }
      try (FileChannel channel =
          FileChannel.open(object, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        return reading.read(channel, channel.size());
      }
    } catch (NoSuchFileException e) {
      throw new StoreException.Missing(key, location());
    } catch (IOException e) {
      throw explain("get", key, e);
    }
  }

  private static int readOn(ObjectKey key, FileChannel channel, long at, ByteBuffer into)
      throws IOException {
    int count = channel.read(into, at);
    if (count < 0) {
      throw new StoreException.Corrupt(key, "it has become shorter while it was read");
    }
    return count;
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    try {
      BasicFileAttributes attributes = attributes(key);
      return attributes == null ? Optional.empty() : Optional.of(attributes.size());
    } catch (IOException e) {
      throw explain("head", key, e);
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    Set<Path> changed = new LinkedHashSet<>();
    for (ObjectKey key : keys) {
      try {
        Path object = root.resolve(key.value());
        if (attributes(key) != null && Files.deleteIfExists(object)) {
          changed.add(folderOf(object));
        }
      } catch (IOException e) {
        throw explain("delete", key, e);
      }
    }
    for (Path folder : changed) {
      try {
        folders.sync(folder);
      } catch (IOException e) {
        throw FileErrors.explain("delete in " + folder, e);
      }
    }
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    ListPage.checkKeysMax(keysMax);
    try {
      return new KeyWalk(root, prefix, after, keysMax).page();
    } catch (IOException e) {
      throw FileErrors.explain("list %s in %s".formatted(prefix, location()), e);
    }
  }

  @Override
  public ObjectStore elsewhere(Place place) throws StoreException {
    return open(Path.of("/" + place.from(root.toString())), platform);
  }

  @Override
  public String location() {
    return "file:" + root;
  }

  @Override
  public void close() {}

  /** An object's attributes, or null if there is none; what is seen lasts. */
  private @Nullable BasicFileAttributes attributes(ObjectKey key) throws IOException {
    Path object = root.resolve(key.value());
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(object, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      folders.enter(folderOf(object));
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (FileErrors.meansNoSuchName(e)) {
        return null;
      }
      throw e;
    }
    if (attributes.isDirectory()) {
      return null;
    }
    if (!attributes.isRegularFile()) {
      throw new StoreException.Refused(object + " is not a plain file, as objects are", null);
    }
    return attributes;
  }

  private StoreException explain(String verb, ObjectKey key, IOException e) {
    return e instanceof StoreException known
        ? known
        : FileErrors.explain("%s %s in %s".formatted(verb, key, location()), e);
  }

  private static Path folderOf(Path object) {
    return Objects.requireNonNull(object.getParent(), "objects are under the root");
  }
}
