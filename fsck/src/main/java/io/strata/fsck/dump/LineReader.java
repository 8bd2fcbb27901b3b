package io.strata.fsck.dump;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.util.Locale;
import java.util.UUID;

/** Reads lines of a dump; {@link LineWriter} backwards. */
final class LineReader {
  private LineReader() {}

  /**
   * What a line says.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   * @throws IOException if it is no JSON
   */
  static DumpLine read(byte[] bytes) throws IOException {
    LineFields in = LineFields.of(bytes);
    String type = in.text("type");
    DumpLine line =
        switch (type) {
          case "strata-dump" -> begin(in);
          case "snapshot" ->
              new DumpLine.Snapshot(in.text("name"), in.number("head"), in.instant("time"));
          case "orphan" -> new DumpLine.Entry(new Mutation.OrphanPut(ino(in, "ino")));
          case "inode" -> new DumpLine.Entry(inode(in));
          case "attribute" ->
              new DumpLine.Entry(
                  new Mutation.XattrPut(ino(in, "ino"), in.bytes("name"), in.bytes("value")));
          case "name" -> new DumpLine.Entry(name(in));
          case "extent" -> new DumpLine.Entry(extent(in));
          case "segment" ->
              new DumpLine.Segment(
                  nonce(in, "segment"),
                  in.number("objectBytes"),
                  in.number("logicalBytes"),
                  in.flag("forEver"));
          case "end" -> end(in);
          default -> throw new IllegalArgumentException("unknown type " + type);
        };
    in.end();
    return line;
  }

  private static DumpLine begin(LineFields in) {
    long version = in.number("version");
    if (version != DumpLine.VERSION) {
      throw new IllegalArgumentException(
          "version %d of the format, this Strata reads %d".formatted(version, DumpLine.VERSION));
    }
    String uuid = in.text("volume");
    return new DumpLine.Begin(
        new DumpHeader(
            new VolumeId(UUID.fromString(uuid)),
            in.instant("created"),
            in.text("label"),
            in.number("capacityBytes"),
            in.flag("singleWriter"),
            in.number("head"),
            new Epoch(in.number32("epoch")),
            in.instant("time")));
  }

  private static Ino ino(LineFields in, String name) {
    return new Ino(in.number(name));
  }

  private static Nonce nonce(LineFields in, String name) {
    String text = in.text(name);
    if (!text.matches("[0-9a-f]{8}-[0-9a-f]{8}")) {
      throw new IllegalArgumentException(name + " is no nonce: " + text);
    }
    return Nonce.of(
        new Epoch(Integer.parseUnsignedInt(text, 0, 8, 16)), Long.parseLong(text, 9, 17, 16));
  }

  private static Mutation.InodePut inode(LineFields in) {
    Ino ino = ino(in, "ino");
    int mode = in.octal("mode");
    FileType type = FileType.ofMode(mode);
    return new Mutation.InodePut(
        ino,
        new Inode(
            mode,
            in.number32("links"),
            in.number32("uid"),
            in.number32("gid"),
            in.numberOr("device", 0),
            in.number("size"),
            in.number("allocated"),
            in.time("accessed"),
            in.time("modified"),
            in.time("changed"),
            in.time("born"),
            in.has("parent") ? ino(in, "parent") : null,
            type == FileType.SYMLINK ? in.bytes("target") : ByteString.EMPTY));
  }

  private static Mutation.DentryPut name(LineFields in) {
    String kind = in.text("kind");
    FileType type;
    try {
      type = FileType.valueOf(kind.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no such kind of file: " + kind, e);
    }
    return new Mutation.DentryPut(
        ino(in, "directory"),
        FileName.of(in.bytes("name").toBytes()),
        new Dentry(ino(in, "ino"), type));
  }

  private static Mutation.ExtentPut extent(LineFields in) {
    return new Mutation.ExtentPut(
        ino(in, "ino"),
        new Extent(
            in.number("offset"), in.number("length"), nonce(in, "segment"), in.number("at")));
  }

  private static DumpLine end(LineFields in) {
    return new DumpLine.End(
        new DumpCounts(
            in.number("lines"),
            in.number("inodes"),
            in.number("names"),
            in.number("attributes"),
            in.number("extents"),
            in.number("orphans"),
            in.number("segments")),
        in.hex32("crc32c"));
  }
}
