package io.strata.fsck.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Writes lines of a dump, and counts them. Confined to a thread. */
final class LineWriter {
  /** What the name of a field ends with that has its bytes in Base64. */
  static final String BASE64 = "64";

  private static final JsonFactory JSON = new JsonFactory();

  private final OutputStream out;
  private final CRC32C crc = new CRC32C();
  private final Tally tally = new Tally();
  private long bytes;

  LineWriter(OutputStream out) {
    this.out = out;
  }

  long bytes() {
    return bytes;
  }

  DumpCounts counts() {
    return tally.counts();
  }

  /** Writes the last line. */
  void end() throws IOException {
    write(new DumpLine.End(counts(), (int) crc.getValue()));
  }

  void write(DumpLine line) throws IOException {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(buffer)) {
      json.writeStartObject();
      switch (line) {
        case DumpLine.Begin(DumpHeader header) -> begin(json, header);
        case DumpLine.Snapshot snapshot -> {
          json.writeStringField("type", "snapshot");
          json.writeStringField("name", snapshot.name());
          json.writeNumberField("head", snapshot.head());
          json.writeStringField("time", snapshot.time().toString());
        }
        case DumpLine.Entry(Mutation.Put put) -> entry(json, put);
        case DumpLine.Segment segment -> {
          json.writeStringField("type", "segment");
          json.writeStringField("segment", segment.nonce().toString());
          json.writeNumberField("objectBytes", segment.objectBytes());
          json.writeNumberField("logicalBytes", segment.logicalBytes());
          if (segment.forEver()) {
            json.writeBooleanField("forEver", true);
          }
        }
        case DumpLine.End end -> end(json, end);
      }
      json.writeEndObject();
    }
    buffer.write('\n');
    byte[] whole = buffer.toByteArray();
    crc.update(whole);
    tally.count(line);
    bytes += whole.length;
    out.write(whole);
  }

  private static void begin(JsonGenerator json, DumpHeader header) throws IOException {
    json.writeStringField("type", "strata-dump");
    json.writeNumberField("version", DumpLine.VERSION);
    json.writeStringField("volume", header.volume().uuid().toString());
    json.writeStringField("created", header.created().toString());
    json.writeStringField("label", header.label());
    json.writeNumberField("capacityBytes", header.capacityBytes());
    json.writeBooleanField("singleWriter", header.singleWriter());
    json.writeNumberField("head", header.head());
    json.writeNumberField("epoch", header.epoch().value());
    json.writeStringField("time", header.time().toString());
  }

  private static void end(JsonGenerator json, DumpLine.End end) throws IOException {
    DumpCounts counts = end.counts();
    json.writeStringField("type", "end");
    json.writeNumberField("lines", counts.lines());
    json.writeNumberField("inodes", counts.inodes());
    json.writeNumberField("names", counts.names());
    json.writeNumberField("attributes", counts.attributes());
    json.writeNumberField("extents", counts.extents());
    json.writeNumberField("orphans", counts.orphans());
    json.writeNumberField("segments", counts.segments());
    json.writeStringField("crc32c", "%08x".formatted(end.crc()));
  }

  private void entry(JsonGenerator json, Mutation.Put entry) throws IOException {
    switch (entry) {
      case Mutation.InodePut put -> {
        json.writeStringField("type", "inode");
        json.writeNumberField("ino", put.ino().value());
        inode(json, put.inode());
      }
      case Mutation.XattrPut put -> {
        json.writeStringField("type", "attribute");
        json.writeNumberField("ino", put.ino().value());
        bytes(json, "name", put.name().toBytes());
        bytes(json, "value", put.content().toBytes());
      }
      case Mutation.DentryPut put -> {
        json.writeStringField("type", "name");
        json.writeNumberField("directory", put.parent().value());
        bytes(json, "name", put.name().toBytes());
        json.writeNumberField("ino", put.entry().child().value());
        json.writeStringField("kind", kind(put.entry().type()));
      }
      case Mutation.ExtentPut put -> {
        json.writeStringField("type", "extent");
        json.writeNumberField("ino", put.ino().value());
        json.writeNumberField("offset", put.extent().fileOffset());
        json.writeNumberField("length", put.extent().length());
        json.writeStringField("segment", put.extent().nonce().toString());
        json.writeNumberField("at", put.extent().logicalOffset());
      }
      case Mutation.OrphanPut put -> {
        json.writeStringField("type", "orphan");
        json.writeNumberField("ino", put.ino().value());
      }
      case Mutation.SegmentPut put -> throw ofObjects(put);
      case Mutation.SegmentLivePut put -> throw ofObjects(put);
      case Mutation.PackPut put -> throw ofObjects(put);
      case Mutation.DeadPut put -> throw ofObjects(put);
    }
  }

  private static IllegalArgumentException ofObjects(Mutation.Put put) {
    return new IllegalArgumentException("it is about an object and not about a file: " + put);
  }

  private static void inode(JsonGenerator json, Inode inode) throws IOException {
    json.writeStringField("mode", "%06o".formatted(inode.mode()));
    json.writeNumberField("links", Integer.toUnsignedLong(inode.links()));
    json.writeNumberField("uid", Integer.toUnsignedLong(inode.uid()));
    json.writeNumberField("gid", Integer.toUnsignedLong(inode.gid()));
    if (inode.device() != 0) {
      json.writeNumberField("device", Integer.toUnsignedLong(inode.device()));
    }
    json.writeNumberField("size", inode.size());
    json.writeNumberField("allocated", inode.allocated());
    json.writeStringField("accessed", time(inode.accessed()));
    json.writeStringField("modified", time(inode.modified()));
    json.writeStringField("changed", time(inode.changed()));
    json.writeStringField("born", time(inode.born()));
    if (inode.parent() != null) {
      json.writeNumberField("parent", inode.parent().value());
    }
    if (!inode.target().equals(ByteString.EMPTY)) {
      bytes(json, "target", inode.target().toBytes());
    }
  }

  private static String kind(FileType type) {
    return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String time(Timestamp time) {
    return "%d.%09d".formatted(time.seconds(), time.nanos());
  }

  private static void bytes(JsonGenerator json, String name, byte[] bytes) throws IOException {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      json.writeStringField(name, text);
    } catch (CharacterCodingException notText) {
      json.writeStringField(name + BASE64, Base64.getEncoder().encodeToString(bytes));
    }
  }
}
