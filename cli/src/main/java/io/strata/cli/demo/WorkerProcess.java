package io.strata.cli.demo;

import io.strata.cli.mounting.OwnCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parent's end of a worker. Confined to one thread, except for {@link #process}. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader in;
  private final Writer out;

  private WorkerProcess(Process process) {
    this.process = process;
    in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    out = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts one. */
  static WorkerProcess start(List<String> arguments, DemoPlace place) throws IOException {
    List<String> command = new ArrayList<>(OwnCommand.line(place.folder()));
    command.addAll(arguments);
    return new WorkerProcess(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
            .start());
  }

  /**
   * What it says next; empty when it has ended. Its death cuts no line off: a pipe takes a short
   * line whole or not at all.
   */
  Optional<WorkerLine> next() throws IOException {
    String line = in.readLine();
    return line == null ? Optional.empty() : Optional.of(WorkerLine.parse(line));
  }

  /** Lets it go on. */
  void goOn() throws IOException {
    out.write('\n');
    out.flush();
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
