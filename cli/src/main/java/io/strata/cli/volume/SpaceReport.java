package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import io.strata.fs.volume.VolumeSpace;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a volume takes in its bucket.
 *
 * @param space as the volume says
 */
public record SpaceReport(VolumeSpace space) implements Printable {
  @Override
  public void text(PrintWriter out) {
    long garbage = space.logicalBytes() - space.liveBytes();
    out.printf("files     %s%n", Amounts.bytes(space.fileBytes()));
    out.printf(
        "segments  %s in %s objects; %d %% of what they hold is garbage until it is compacted%n",
        Amounts.bytes(space.segmentBytes()),
        Amounts.count(space.segments()),
        space.logicalBytes() == 0 ? 0 : 100 * garbage / space.logicalBytes());
    out.printf(
        "tree      %s in %s objects%n",
        Amounts.bytes(space.packBytes()), Amounts.count(space.packs()));
    out.printf(
        "dead      %s in %s objects; %s of it goes at the next checkpoint%n",
        Amounts.bytes(space.deadBytes()),
        Amounts.count(space.deadObjects()),
        Amounts.bytes(space.unpinnedBytes()));
    if (space.sharedBytes() > 0) {
      out.printf(
          "shared    %s of segments and tree are the volume's that this was cloned from%n",
          Amounts.bytes(space.sharedBytes()));
    }
    if (!space.pins().isEmpty()) {
      out.println();
      TextTable table = new TextTable("kept by", "head", "keeps", "alone");
      for (VolumeSpace.Pin pin : space.pins()) {
        table.row(
            pin.snapshot().isEmpty() ? "recent checkpoint" : "snapshot " + pin.snapshot(),
            Long.toString(pin.head()),
            Amounts.bytes(pin.bytes()),
            Amounts.bytes(pin.aloneBytes()));
      }
      table.print(out);
    }
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("fileBytes", space.fileBytes());
    out.writeNumberField("segments", space.segments());
    out.writeNumberField("segmentBytes", space.segmentBytes());
    out.writeNumberField("liveBytes", space.liveBytes());
    out.writeNumberField("logicalBytes", space.logicalBytes());
    out.writeNumberField("packs", space.packs());
    out.writeNumberField("packBytes", space.packBytes());
    out.writeNumberField("deadObjects", space.deadObjects());
    out.writeNumberField("deadBytes", space.deadBytes());
    out.writeNumberField("unpinnedBytes", space.unpinnedBytes());
    out.writeNumberField("sharedBytes", space.sharedBytes());
    out.writeArrayFieldStart("pins");
    for (VolumeSpace.Pin pin : space.pins()) {
      out.writeStartObject();
      out.writeNumberField("head", pin.head());
      out.writeStringField("snapshot", pin.snapshot());
      out.writeNumberField("bytes", pin.bytes());
      out.writeNumberField("aloneBytes", pin.aloneBytes());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
