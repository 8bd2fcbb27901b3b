package io.strata.tests.golden;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * All that can be seen of a volume's files, as text: a line for each name, in the order of names.
 */
final class Manifest {
  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSystem files;
  private final StringBuilder text = new StringBuilder();

  private Manifest(FileSystem files) {
    this.files = files;
  }

  static String of(FileSystem files) throws FsException {
    Manifest manifest = new Manifest(files);
    SpaceUse use = files.spaceUse(Caller.ROOT);
    manifest.text.append("inodes %d, bytes %d\n".formatted(use.inodes(), use.usedBytes()));
    manifest.inode("/", Ino.ROOT);
    manifest.directory("", Ino.ROOT);
    return manifest.text.toString();
  }

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Name(byte[] bytes, Ino ino) {
    /** ASCII as it is, anything else byte by byte. */
    String text() {
      StringBuilder text = new StringBuilder();
      for (byte b : bytes) {
        boolean plain = b > ' ' && b != '\\' && b < 0x7f;
        text.append(plain ? Character.toString(b) : "\\x%02x".formatted(b & 0xff));
      }
      return text.toString();
    }
  }

  private void directory(String path, Ino ino) throws FsException {
    for (Name name : names(ino)) {
      String child = path + "/" + name.text();
      if (inode(child, name.ino()) == FileType.DIRECTORY) {
        directory(child, name.ino());
      }
    }
  }

  private List<Name> names(Ino directory) throws FsException {
    List<Name> names = new ArrayList<>();
    long handle = files.openDirectory(Caller.ROOT, directory);
    files.readDirectory(
        Caller.ROOT,
        handle,
        0,
        false,
        (bytes, ino, type, cookie, attributes) -> {
          if (FileName.valid(bytes)) {
            names.add(new Name(bytes.clone(), ino));
          }
          return true;
        });
    files.releaseDirectory(handle);
    return names;
  }

  private FileType inode(String path, Ino ino) throws FsException {
    Attributes found = files.attributes(Caller.ROOT, ino);
    text.append(
        "%s ino=%s mode=%o links=%d uid=%d gid=%d dev=%x size=%d allocated=%d"
            .formatted(
                path,
                ino,
                found.mode(),
                found.links(),
                found.uid(),
                found.gid(),
                found.device(),
                found.size(),
                found.allocated()));
    text.append(" born=").append(time(found.born()));
    text.append(" modified=").append(time(found.modified()));
    text.append(" changed=").append(time(found.changed()));
    if (found.type() == FileType.REGULAR) {
      text.append(" crc=%08x".formatted(crc(ino, found.size())));
    } else if (found.type() == FileType.SYMLINK) {
      byte[] target = files.readLink(Caller.ROOT, ino);
      text.append(" target=").append(new String(target, StandardCharsets.UTF_8));
    }
    for (byte[] name : files.extendedAttributes(Caller.ROOT, ino)) {
      byte[] value = files.extendedAttribute(Caller.ROOT, ino, name);
      text.append(' ').append(new String(name, StandardCharsets.UTF_8)).append('=');
      text.append(value == null ? "?" : HexFormat.of().formatHex(value));
    }
    text.append('\n');
    return found.type();
  }

  private static String time(Timestamp time) {
    return "%d.%09d".formatted(time.seconds(), time.nanos());
  }

  private int crc(Ino ino, long size) throws FsException {
    CRC32C crc = new CRC32C();
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = 0; at < size; ) {
      int read = files.read(Caller.ROOT, handle, at, MemorySegment.ofArray(chunk));
      crc.update(chunk, 0, read);
      at += read;
    }
    files.release(handle);
    return (int) crc.getValue();
  }
}
