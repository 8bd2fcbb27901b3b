package io.strata.cli.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.JsonValue;
import java.io.IOException;

/**
 * What is lost with a daemon that does not close its volume: at most this, because of what an fsync
 * covered the store has the log.
 *
 * @param dataBytes of files
 * @param changeBytes of everything else
 */
public record Loss(long dataBytes, long changeBytes) implements JsonValue {
  static final Loss NOTHING = new Loss(0, 0);

  private static final String DATA = "lostDataBytes";
  private static final String CHANGES = "lostChangeBytes";

  /** What a daemon's answer tells of it. */
  public static Loss of(JsonTree answer) {
    return new Loss(answer.integer(DATA), answer.integer(CHANGES));
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeBooleanField("abandoned", true);
    out.writeNumberField(DATA, dataBytes);
    out.writeNumberField(CHANGES, changeBytes);
    out.writeEndObject();
  }

  @Override
  public String toString() {
    return "up to %s of file data and %s of changes that no fsync covered are lost"
        .formatted(Amounts.bytes(dataBytes), Amounts.bytes(changeBytes));
  }
}
