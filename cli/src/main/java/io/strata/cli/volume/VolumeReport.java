package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a bucket says of the volume in it: its descriptor and its newest head. What was done since
 * that head is in the replay log and not counted here.
 *
 * @param url where it is
 * @param volume what never changes about it
 * @param head its newest head
 */
public record VolumeReport(String url, VolumeDescriptor volume, Head head) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf("volume      %s%n", volume.id());
    out.printf("at          %s%n", url);
    out.printf("label       %s%n", volume.label().isEmpty() ? "-" : volume.label());
    out.printf("created     %s%n", volume.created());
    out.printf(
        "capacity    %s%n",
        volume.capacityBytes() == 0 ? "no limit" : Amounts.bytes(volume.capacityBytes()));
    if (volume.singleWriter()) {
      out.println("writers     one only: the store cannot keep two apart");
    }
    Neighbour origin = volume.origin();
    if (origin != null) {
      out.printf(
          "clone of    %s at %s%s%n",
          origin.volume(),
          origin.place(),
          head.lineage().isNone() ? "; nothing is shared any more" : "");
    }
    out.printf("head        %d of %s%n", head.number(), head.time());
    out.printf(
        "state       %s%n",
        head.state() == HeadState.CLOSED
            ? "closed"
            : "open, held by " + head.owner().text() + " (or not closed by it)");
    out.printf("epoch       %d%n", head.epoch().value());
    out.printf("inodes      %s%n", Amounts.count(head.counters().inodes()));
    out.printf("used        %s%n", Amounts.bytes(head.counters().usedBytes()));
    out.printf(
        "tree        %s pages in %s%n",
        Amounts.count(head.counters().pages()), Amounts.bytes(head.counters().packBytes()));
    out.printf("checkpoints %d%n", head.retained().size() + 1);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    writeDescriptor(volume, out);
    out.writeObjectFieldStart("head");
    out.writeNumberField("number", head.number());
    out.writeStringField("time", head.time().toString());
    out.writeStringField("state", head.state().name().toLowerCase(Locale.ROOT));
    out.writeNumberField("epoch", head.epoch().value());
    out.writeStringField("owner", head.owner().text());
    out.writeNumberField("inodes", head.counters().inodes());
    out.writeNumberField("usedBytes", head.counters().usedBytes());
    out.writeNumberField("pages", head.counters().pages());
    out.writeNumberField("packBytes", head.counters().packBytes());
    out.writeStringField("replayFrom", head.firstLog().toString());
    out.writeEndObject();
    out.writeBooleanField("shares", !head.lineage().isNone());
    out.writeNumberField("checkpoints", head.retained().size() + 1);
    out.writeEndObject();
  }

  static void writeDescriptor(VolumeDescriptor volume, JsonGenerator out) throws IOException {
    out.writeStringField("volume", volume.id().toString());
    out.writeStringField("label", volume.label());
    out.writeStringField("created", volume.created().toString());
    out.writeNumberField("blockSizeBytes", volume.blockSizeBytes());
    out.writeNumberField("capacityBytes", volume.capacityBytes());
    out.writeBooleanField("singleWriter", volume.singleWriter());
    Neighbour origin = volume.origin();
    if (origin != null) {
      out.writeStringField("cloneOf", origin.volume().toString());
      out.writeStringField("originAt", origin.place().path());
    }
  }
}
