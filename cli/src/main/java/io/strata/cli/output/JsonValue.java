package io.strata.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Something that has a JSON form. Sizes are in bytes, times in ISO 8601 or in seconds. */
@FunctionalInterface
public interface JsonValue {
  /** Writes one JSON value. */
  void json(JsonGenerator out) throws IOException;
}
