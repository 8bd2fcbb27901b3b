package io.strata.fs.continuity;

import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;

/**
 * The losses that not everybody has been told of, as a file of records: a kind, an epoch, the
 * numbers of an inode and of a handle. It is written anew when a volume is opened, and added to
 * when somebody is told. Not safe for two threads.
 */
final class LossFile implements AutoCloseable {
  private static final int RECORD_BYTES = 32;
  private static final long MAGIC = 0x7373654c73736f4cL;

  private static final long KIND_THROUGH = 1;
  private static final long KIND_ANYTHING = 2;
  private static final long KIND_LOST = 3;
  private static final long KIND_TOLD = 4;

  private final FileChannel channel;

  private LossFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Adds what a file says to {@code losses}; nothing if it is another volume's or is damaged. */
  static void read(Path path, VolumeId volume, Losses losses) throws IOException {
    if (!Files.isRegularFile(path)) {
      return;
    }
    ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(path));
    UUID uuid = volume.uuid();
    if (records.remaining() < RECORD_BYTES
        || records.getLong() != MAGIC
        || records.getLong() != uuid.getMostSignificantBits()
        || records.getLong() != uuid.getLeastSignificantBits()) {
      return;
    }
    records.position(RECORD_BYTES);
    while (records.remaining() >= RECORD_BYTES) {
      long kind = records.getLong();
      int epoch = (int) records.getLong();
      long ino = records.getLong();
      long handle = records.getLong();
      if (kind == KIND_THROUGH) {
        losses.knownThrough(epoch);
      } else if (kind == KIND_ANYTHING) {
        losses.loseAnything(epoch);
      } else if (kind == KIND_LOST) {
        losses.lose(ino, epoch);
      } else if (kind == KIND_TOLD) {
        losses.tell(new Losses.Telling(epoch, ino, handle));
      } else {
        return;
      }
    }
  }

  /** Writes all losses into a file of their own, in the place of the last. */
  static LossFile write(Path path, VolumeId volume, Losses losses) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    LossFile file =
        new LossFile(
            FileChannel.open(
                fresh,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING));
    try {
      UUID uuid = volume.uuid();
      file.add(MAGIC, uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), 0);
      for (int epoch : losses.anything()) {
        file.add(KIND_ANYTHING, epoch, 0, 0);
      }
      for (Map.Entry<Long, Integer> lost : losses.inodes().entrySet()) {
        file.add(KIND_LOST, lost.getValue(), lost.getKey(), 0);
      }
      for (Losses.Telling telling : losses.tellings()) {
        file.tell(telling);
      }
      // Last, and only then in its place: what it says is complete.
      file.add(KIND_THROUGH, losses.knownThrough(), 0, 0);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    return file;
  }

  /** Notes that any inode may have lost something in an epoch. */
  void loseAnything(int epoch) throws IOException {
    add(KIND_ANYTHING, epoch, 0, 0);
  }

  /** Notes that a handle is told. */
  void tell(Losses.Telling telling) throws IOException {
    add(KIND_TOLD, telling.epoch(), telling.ino(), telling.handle());
  }

  private void add(long kind, long epoch, long ino, long handle) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    record.putLong(kind).putLong(epoch).putLong(ino).putLong(handle).flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
