package io.strata.tests.fuzz;

import io.strata.fuse.abi.Opcode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes scripts that make sense, for {@link FuseFuzz} to begin with. */
final class FuseSeeds {
  private static final int FILE = FuseScript.NODE_FOUND | FuseScript.FILE_HANDLE;
  private static final int DIRECTORY = FuseScript.DIRECTORY_HANDLE;

  private FuseSeeds() {}

  /** Writes them into a directory that is there. */
  static void write(Path directory) throws IOException {
    Files.write(directory.resolve("file"), file());
    Files.write(directory.resolve("names"), names());
    Files.write(directory.resolve("attributes"), attributes());
    for (Opcode opcode : Opcode.values()) {
      byte[] once = FuseScript.step(opcode.number(), FILE, fields(0, 0, 0, 0, "a"));
      Files.write(directory.resolve(opcode.name()), join(create(), once));
    }
  }

  private static byte[] file() {
    return join(
        create(),
        step(Opcode.WRITE, FILE, 0L, 0L, 5, 0, 0L, 2, 0, "data"),
        step(Opcode.READ, FILE, 0L, 0L, 4096, 0, 0L, 2, 0),
        step(Opcode.LSEEK, FILE, 0L, 0L, 4, 0),
        step(Opcode.FALLOCATE, FILE, 0L, 4096L, 4096L, 0, 0),
        step(Opcode.COPY_FILE_RANGE, FILE, 0L, 0L, 2L, 1L, 8L, 4L, 0L),
        step(Opcode.FSYNC, FILE, 0L, 0, 0),
        step(Opcode.FLUSH, FILE, 0L, 0, 0, 0L),
        step(Opcode.RELEASE, FILE, 0L, 2, 0, 0L),
        step(Opcode.OPEN, FuseScript.NODE_FOUND, 2, 0),
        step(Opcode.TMPFILE, 0, 2, 0100644, 0, 0, "t"),
        step(Opcode.SYNCFS, 0, 0L));
  }

  private static byte[] names() {
    return join(
        step(Opcode.MKDIR, 0, 0755, 0, "d"),
        step(Opcode.MKNOD, FuseScript.NODE_FOUND, 0010644, 0, 0, 0, "p"),
        step(Opcode.SYMLINK, 0, "s", "target"),
        step(Opcode.READLINK, FuseScript.NODE_FOUND),
        create(),
        step(Opcode.LINK, 0, 2L, "l"),
        step(Opcode.LOOKUP, 0, "l"),
        step(Opcode.RENAME2, 0, 1L, 0, 0, "l", "m"),
        step(Opcode.RENAME, 0, 1L, "m", "n"),
        step(Opcode.OPENDIR, 0, 0, 0),
        step(Opcode.READDIRPLUS, DIRECTORY, 0L, 0L, 4096, 0, 0L, 0, 0),
        step(Opcode.READDIR, DIRECTORY, 0L, 2L, 4096, 0, 0L, 0, 0),
        step(Opcode.FSYNCDIR, DIRECTORY, 0L, 0, 0),
        step(Opcode.RELEASEDIR, DIRECTORY, 0L, 0, 0, 0L),
        step(Opcode.UNLINK, 0, "n"),
        step(Opcode.RMDIR, 0, "d"),
        step(Opcode.BATCH_FORGET, 0, 2, 0, 1L, 1L, 2L, 1L),
        step(Opcode.INTERRUPT, 0, 3L));
  }

  private static byte[] attributes() {
    return join(
        create(),
        step(Opcode.SETATTR, FILE, 0x1ff, 0, 0L, 9L, 0L, 1L, 1L, 1L, 2, 2, 2, 0100600, 0, 1, 1, 0),
        step(Opcode.SETXATTR, FuseScript.NODE_FOUND, 5, 0, 0L, "user.a", "value"),
        step(Opcode.GETXATTR, FuseScript.NODE_FOUND, 64, 0, "user.a"),
        step(Opcode.LISTXATTR, FuseScript.NODE_FOUND, 64, 0),
        step(Opcode.REMOVEXATTR, FuseScript.NODE_FOUND, "user.a"),
        step(Opcode.STATX, FuseScript.NODE_FOUND, 0, 0, 0L, 0, 0xfff),
        step(Opcode.ACCESS, FuseScript.NODE_FOUND, 4, 0),
        step(Opcode.STATFS, 0),
        step(Opcode.DESTROY, 0));
  }

  private static byte[] create() {
    return step(Opcode.CREATE, 0, 2, 0100644, 0, 0, "a");
  }

  private static byte[] step(Opcode opcode, int how, Object... fields) {
    return FuseScript.step(opcode.number(), how, fields(fields));
  }

  private static byte[] fields(Object... fields) {
    ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
    for (Object field : fields) {
      switch (field) {
        case Integer word -> out.putInt(word);
        case Long word -> out.putLong(word);
        case String text -> out.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        default -> throw new IllegalArgumentException(field.toString());
      }
    }
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private static byte[] join(byte[]... steps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] step : steps) {
      out.writeBytes(step);
    }
    return out.toByteArray();
  }
}
