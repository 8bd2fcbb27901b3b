package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.LongConsumer;

/**
 * What a collection of garbage gave back.
 *
 * @param freedBytes by how many bytes the volume's objects are less
 * @param leftovers what crashes had left besides
 * @param space what they take now
 */
public record GarbageReport(long freedBytes, LeftoverReport leftovers, SpaceReport space)
    implements Printable {
  /**
   * Collects an open volume's garbage.
   *
   * @param whole whether a clone is to be made whole first
   * @param looked told how many objects have been listed so far
   */
  public static GarbageReport collect(Volume volume, boolean whole, LongConsumer looked)
      throws IOException {
    long before = stored(volume.space());
    if (whole) {
      volume.gather();
    }
    LeftoverReport leftovers = new LeftoverReport(volume.collectGarbage(looked), true);
    VolumeSpace after = volume.space();
    return new GarbageReport(before - stored(after), leftovers, new SpaceReport(after));
  }

  private static long stored(VolumeSpace space) {
    return space.segmentBytes() + space.packBytes() + space.deadBytes();
  }

  @Override
  public void text(PrintWriter out) {
    out.printf("freed     %s%n", text(freedBytes));
    leftovers.text(out);
    space.text(out);
  }

  /** What a daemon's answer tells as {@code freedBytes}. */
  public static String text(long freedBytes) {
    // Little garbage may be less than the tree that says so.
    return freedBytes < 0 ? "nothing" : Amounts.bytes(freedBytes);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("freedBytes", freedBytes);
    out.writeFieldName("leftovers");
    leftovers.json(out);
    out.writeFieldName("space");
    space.json(out);
    out.writeEndObject();
  }
}
