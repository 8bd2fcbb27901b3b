package io.strata.tests.crash;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A tree as text: what two trees must agree on to be the same. */
final class TreeText {
  private TreeText() {}

  static String directory(String path, Map<String, String> attributes) {
    return "%s/ %s%n".formatted(path, attributes);
  }

  static String symlink(String path, String target, int links) {
    return "%s -> %s, %d links%n".formatted(path, target, links);
  }

  static String file(String path, byte[] bytes, int links, Map<String, String> attributes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "%s %d bytes, %08x, %d links, %s%n"
        .formatted(path, bytes.length, crc.getValue(), links, attributes);
  }

  /** Reads a whole volume. */
  static String of(FileSystem files) throws FsException {
    StringBuilder text = new StringBuilder();
    write(files, Ino.ROOT, "", text);
    return text.toString();
  }

  private record Name(String text, Ino ino) {}

  private static void write(FileSystem files, Ino directory, String path, StringBuilder text)
      throws FsException {
    for (Name name : names(files, directory)) {
      String childPath = path + "/" + name.text();
      Attributes attributes = files.attributes(Caller.ROOT, name.ino());
      Map<String, String> extended = extended(files, name.ino());
      if (attributes.type() == FileType.DIRECTORY) {
        text.append(directory(childPath, extended));
        write(files, name.ino(), childPath, text);
      } else if (attributes.type() == FileType.SYMLINK) {
        byte[] target = files.readLink(Caller.ROOT, name.ino());
        text.append(
            symlink(childPath, new String(target, StandardCharsets.UTF_8), attributes.links()));
      } else {
        byte[] bytes = bytes(files, name.ino(), (int) attributes.size());
        text.append(file(childPath, bytes, attributes.links(), extended));
      }
    }
  }

  private static List<Name> names(FileSystem files, Ino directory) throws FsException {
    List<Name> names = new ArrayList<>();
    long handle = files.openDirectory(Caller.ROOT, directory);
    files.readDirectory(
        Caller.ROOT,
        handle,
        0,
        false,
        (bytes, ino, type, cookie, attributes) -> {
          if (FileName.valid(bytes)) {
            names.add(new Name(new String(bytes, StandardCharsets.UTF_8), ino));
          }
          return true;
        });
    files.releaseDirectory(handle);
    return names;
  }

  private static Map<String, String> extended(FileSystem files, Ino ino) throws FsException {
    Map<String, String> extended = new TreeMap<>();
    for (byte[] name : files.extendedAttributes(Caller.ROOT, ino)) {
      byte[] value = files.extendedAttribute(Caller.ROOT, ino, name);
      extended.put(
          new String(name, StandardCharsets.UTF_8),
          value == null ? "?" : new String(value, StandardCharsets.UTF_8));
    }
    return extended;
  }

  private static byte[] bytes(FileSystem files, Ino ino, int size) throws FsException {
    byte[] bytes = new byte[size];
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
    int read = files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes));
    files.release(handle);
    if (read != size) {
      throw new AssertionError("inode %s: %d of %d bytes read".formatted(ino, read, size));
    }
    return bytes;
  }
}
