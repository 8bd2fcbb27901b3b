package io.strata.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which Strata this is, and on what it runs.
 *
 * @param version of this build
 * @param format newest version of the stored format that it reads and writes
 * @param java the virtual machine's version and vendor
 * @param system the operating system, its version and the processor's architecture
 */
record VersionReport(String version, int format, String java, String system) implements Printable {
  private static final int FORMAT = 1;

  static VersionReport ofThisProcess() {
    return new VersionReport(
        buildVersion(),
        FORMAT,
        System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  private static String buildVersion() {
    Properties build = new Properties();
    try (InputStream in = VersionReport.class.getResourceAsStream("build.properties")) {
      if (in == null) {
        throw new IllegalStateException("build.properties is not in the jar");
      }
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties in the jar cannot be read", e);
    }
    return build.getProperty("version", "unknown");
  }

  @Override
  public void text(PrintWriter out) {
    out.println("strata " + version);
    out.println("format " + format);
    out.println("java   " + java);
    out.println("system " + system);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("version", version);
    out.writeNumberField("format", format);
    out.writeStringField("java", java);
    out.writeStringField("system", system);
    out.writeEndObject();
  }
}
