package io.strata.tests.takeover;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Small files with growing numbers for names, created and synced by whoever owns the volume. Whoever
 * does not find the newest that had been acknowledged before he asked is told what is stale; and as
 * nobody asked a former owner's kernel for that name before, no cache can be to blame. Safe for any
 * thread.
 *
 * <p>They are opened beneath a directory that was opened before (openat): by its path one would find
 * the directory underneath as soon as the mount is gone.
 */
final class Beacon {
  /** No reader asks for a file that is older by so many. */
  private static final int KEPT = 2000;

  private static final int BYTES = 64;

  private final AtomicLong drawn = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();

  /** Creates the directory and a first file. */
  void create(Path mount) throws IOException {
    Files.createDirectory(folder(mount));
    try (SecureDirectoryStream<Path> folder = open(mount)) {
      light(folder);
    }
  }

  private static Path folder(Path mount) {
    return mount.resolve("beacon");
  }

  /** Opens the directory, which the caller closes; there is none where the volume is not mounted. */
  @SuppressWarnings("StreamResourceLeak") // it is what the caller closes
  SecureDirectoryStream<Path> open(Path mount) throws IOException {
    DirectoryStream<Path> folder = Files.newDirectoryStream(folder(mount));
    if (folder instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    folder.close();
    throw new IOException("this system has no openat(2)");
  }

  private static Path name(long number) {
    return Path.of(String.valueOf(number));
  }

  /** Creates the next file and returns when it is synced. */
  void light(SecureDirectoryStream<Path> folder) throws IOException {
    long number = drawn.incrementAndGet();
    try (SeekableByteChannel file =
        folder.newByteChannel(name(number), Set.of(CREATE_NEW, WRITE))) {
      if (file.write(new Content(0, 0, number, BYTES).toBuffer()) != BYTES) {
        throw new IOException("the beacon was written in part");
      }
      ((FileChannel) file).force(true);
    }
    acknowledged.accumulateAndGet(number, Math::max);
    if (number > KEPT) {
      folder.deleteFile(name(number - KEPT));
    }
  }

  /**
   * Looks for the newest file.
   *
   * @return whether it is there
   */
  boolean look(SecureDirectoryStream<Path> folder) throws IOException, Content.Torn {
    Path newest = name(acknowledged.get());
    ByteBuffer bytes = ByteBuffer.allocate(2 * BYTES);
    try (SeekableByteChannel file = folder.newByteChannel(newest, Set.of(READ))) {
      file.read(bytes);
    } catch (NoSuchFileException stale) {
      return false;
    }
    Content content = Content.of(bytes.flip());
    if (!name(content.number()).equals(newest)) {
      throw new Content.Torn("%s in file %s".formatted(content, newest));
    }
    return true;
  }

  /** Asks for a name that nobody ever had and returns when it is denied. */
  static void askForNothing(SecureDirectoryStream<Path> folder, String name)
      throws IOException, Content.Torn {
    try (SeekableByteChannel file = folder.newByteChannel(Path.of(name), Set.of(READ))) {
      throw new Content.Torn("%s has %d bytes".formatted(name, file.size()));
    } catch (NoSuchFileException denied) {
      // That is an answer.
    }
  }
}
