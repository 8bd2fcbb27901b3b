package io.strata.cli.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import io.strata.fs.Attributes;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Timestamp;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Files of a directory, by name.
 *
 * @param entries the files
 * @param detailed whether lines for people tell more than names
 */
public record FileList(List<Entry> entries, boolean detailed) implements Printable {
  private static final String PERMISSIONS = "rwxrwxrwx";
  private static final int SET_UID = 04000;
  private static final int SET_GID = 02000;
  private static final int STICKY = 01000;

  public FileList {
    entries = entries.stream().sorted(Comparator.comparing(Entry::name)).toList();
  }

  @Override
  public void text(PrintWriter out) {
    if (!detailed) {
      entries.forEach(entry -> out.println(entry.name()));
      return;
    }
    TextTable table = new TextTable("mode", "links", "uid", "gid", "size", "modified", "name");
    for (Entry entry : entries) {
      Attributes attributes = entry.attributes();
      table.row(
          mode(attributes),
          Integer.toString(attributes.links()),
          Integer.toString(attributes.uid()),
          Integer.toString(attributes.gid()),
          Long.toString(attributes.size()),
          instant(attributes.modified()).toString(),
          entry.name());
    }
    table.print(out);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("entries");
    for (Entry entry : entries) {
      Attributes attributes = entry.attributes();
      out.writeStartObject();
      out.writeStringField("name", entry.name());
      out.writeStringField("type", attributes.type().name().toLowerCase(Locale.ROOT));
      out.writeNumberField("ino", attributes.ino().value());
      out.writeStringField("mode", "%04o".formatted(attributes.mode() & 07777));
      out.writeNumberField("links", attributes.links());
      out.writeNumberField("uid", attributes.uid());
      out.writeNumberField("gid", attributes.gid());
      out.writeNumberField("sizeBytes", attributes.size());
      out.writeNumberField("allocatedBytes", attributes.allocated());
      out.writeStringField("modified", instant(attributes.modified()).toString());
      out.writeStringField("born", instant(attributes.born()).toString());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.seconds(), time.nanos());
  }

  /** {@code -rw-r--r--}, as ls(1) writes it. */
  static String mode(Attributes attributes) {
    StringBuilder text = new StringBuilder();
    text.append(letter(attributes.type()));
    for (int bit = 0; bit < PERMISSIONS.length(); bit++) {
      boolean set = (attributes.mode() & 0400 >> bit) != 0;
      text.append(set ? PERMISSIONS.charAt(bit) : '-');
    }
    special(text, 3, attributes.mode() & SET_UID, 's');
    special(text, 6, attributes.mode() & SET_GID, 's');
    special(text, 9, attributes.mode() & STICKY, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int at, int set, char letter) {
    if (set != 0) {
      boolean executable = text.charAt(at) == 'x';
      text.setCharAt(at, executable ? letter : Character.toUpperCase(letter));
    }
  }

  private static char letter(FileType type) {
    return switch (type) {
      case FIFO -> 'p';
      case CHARACTER_DEVICE -> 'c';
      case DIRECTORY -> 'd';
      case BLOCK_DEVICE -> 'b';
      case REGULAR -> '-';
      case SYMLINK -> 'l';
      case SOCKET -> 's';
    };
  }
}
