package io.strata.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Prints a {@link Printable} in the form that was asked for. */
public final class Output {
  private Output() {}

  /** Prints it, whole, and ends the line. */
  public static void print(Printable what, boolean json, PrintWriter out) {
    if (json) {
      out.println(jsonText(what));
    } else {
      what.text(out);
    }
    out.flush();
  }

  /** The JSON form on one line. */
  public static String jsonText(JsonValue what) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      what.json(generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
    return text.toString();
  }
}
