package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonValue;
import io.strata.cli.output.Output;
import io.strata.fs.difference.FilePath;
import io.strata.fs.difference.PathChange;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Inode;
import io.strata.fsck.tree.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints what differs between two states as it is told, a line a path, and a summary behind it.
 * Confined to one thread.
 */
public final class DifferenceOutput implements Consumer<PathChange> {
  private final PrintWriter out;
  private final boolean json;
  private final DifferenceSummary summary = new DifferenceSummary();

  /** Prints lines for people, or JSON, an object a line. */
  public DifferenceOutput(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  @Override
  public void accept(PathChange change) {
    summary.add(change);
    out.println(json ? Output.jsonText(value(change)) : text(change));
  }

  /** Prints the summary. */
  public void end() {
    if (json) {
      out.println(Output.jsonText(summary));
    } else {
      summary.text(out);
    }
    out.flush();
  }

  private static String text(PathChange change) {
    StringBuilder line =
        new StringBuilder("%-8s  %s".formatted(lower(change.kind()), text(change.path())));
    if (change.file().type() == FileType.DIRECTORY && change.path().bytes().length() > 1) {
      line.append('/');
    }
    if (change.other() != null) {
      line.append("  from ").append(text(change.other()));
    }
    String sizes = sizes(change);
    if (!sizes.isEmpty()) {
      line.append("  ").append(sizes);
    }
    if (!change.aspects().isEmpty()) {
      line.append("  ")
          .append(
              change.aspects().stream()
                  .map(DifferenceOutput::lower)
                  .collect(Collectors.joining(", ")));
    }
    return line.toString();
  }

  private static String sizes(PathChange change) {
    Inode before = change.before();
    Inode after = change.after();
    if (!hasSize(change.file()) || change.kind() == PathChange.Kind.LINKED) {
      return "";
    }
    if (before == null || after == null || before.size() == after.size()) {
      return Amounts.bytes(change.file().size());
    }
    return Amounts.bytes(before.size()) + " > " + Amounts.bytes(after.size());
  }

  private static boolean hasSize(Inode inode) {
    return inode.type() == FileType.REGULAR;
  }

  private static JsonValue value(PathChange change) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("change", lower(change.kind()));
      out.writeStringField("path", text(change.path()));
      if (change.other() != null) {
        out.writeStringField("from", text(change.other()));
      }
      out.writeStringField("type", lower(change.file().type()));
      out.writeNumberField("ino", change.ino().value());
      size(out, "sizeBytesBefore", change.before());
      size(out, "sizeBytesAfter", change.after());
      out.writeArrayFieldStart("aspects");
      for (PathChange.Aspect aspect : change.aspects()) {
        out.writeString(lower(aspect));
      }
      out.writeEndArray();
      out.writeEndObject();
    };
  }

  private static void size(JsonGenerator out, String field, @Nullable Inode inode)
      throws IOException {
    if (inode != null && hasSize(inode)) {
      out.writeNumberField(field, inode.size());
    }
  }

  private static String text(FilePath path) {
    return Printable.text(path.bytes().toBytes());
  }

  static String lower(Enum<?> each) {
    return each.name().toLowerCase(Locale.ROOT);
  }
}
