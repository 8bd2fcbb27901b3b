package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fs.difference.PathChange;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Inode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much differs between two states. Confined to one thread. */
final class DifferenceSummary implements Printable {
  private final Map<PathChange.Kind, Long> paths = new EnumMap<>(PathChange.Kind.class);
  private long bytesAdded;
  private long bytesRemoved;
  private long bytesBefore;
  private long bytesAfter;

  void add(PathChange change) {
    paths.merge(change.kind(), 1L, Long::sum);
    switch (change.kind()) {
      case ADDED -> bytesAdded += size(change.after());
      case REMOVED -> bytesRemoved += size(change.before());
      case RENAMED, CHANGED -> {
        if (!change.aspects().isEmpty()) {
          bytesBefore += size(change.before());
          bytesAfter += size(change.after());
        }
      }
      case LINKED, UNLINKED -> {
        // The bytes have another name.
      }
    }
  }

  private static long size(@Nullable Inode inode) {
    return inode == null || inode.type() != FileType.REGULAR ? 0 : inode.size();
  }

  @Override
  public void text(PrintWriter out) {
    List<String> parts = new ArrayList<>();
    for (PathChange.Kind kind : PathChange.Kind.values()) {
      long count = paths.getOrDefault(kind, 0L);
      if (count > 0) {
        parts.add(
            "%s %s%s"
                .formatted(
                    Amounts.count(count), DifferenceOutput.lower(kind), bytes(kind)));
      }
    }
    out.println(parts.isEmpty() ? "no difference" : String.join(", ", parts));
  }

  private String bytes(PathChange.Kind kind) {
    return switch (kind) {
      case ADDED -> " (%s)".formatted(Amounts.bytes(bytesAdded));
      case REMOVED -> " (%s)".formatted(Amounts.bytes(bytesRemoved));
      case CHANGED ->
          " (%s before, %s after)"
              .formatted(Amounts.bytes(bytesBefore), Amounts.bytes(bytesAfter));
      case RENAMED, LINKED, UNLINKED -> "";
    };
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeObjectFieldStart("summary");
    for (PathChange.Kind kind : PathChange.Kind.values()) {
      out.writeNumberField(DifferenceOutput.lower(kind), paths.getOrDefault(kind, 0L));
    }
    out.writeNumberField("bytesAdded", bytesAdded);
    out.writeNumberField("bytesRemoved", bytesRemoved);
    out.writeNumberField("changedBytesBefore", bytesBefore);
    out.writeNumberField("changedBytesAfter", bytesAfter);
    out.writeEndObject();
    out.writeEndObject();
  }
}
