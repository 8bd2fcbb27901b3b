package io.strata.tests.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A virtual machine that runs. Its methods are for one thread; {@link #kill} is for any. */
public final class Guest {
  private static final int OFF_SECONDS_MAX = 20;
  private static final String ACCELERATOR = System.getProperty("strata.guest.accelerator", "tcg");

  private final GuestSpec spec;
  private final Path logs;
  private final Path monitor;
  private final Process process;
  private final OutputStream input;
  private final Console console;
  private final long endNanos;

  private Guest(GuestSpec spec, Path logs, Path monitor, Process process) {
    this.spec = spec;
    this.logs = logs;
    this.monitor = monitor;
    this.process = process;
    this.input = process.getOutputStream();
    this.console =
        Console.reading(process.getInputStream(), logs.resolve(spec.name() + ".console"));
    this.endNanos = System.nanoTime() + spec.limit().toNanos();
  }

  /**
   * Starts QEMU.
   *
   * @param logs where its console, its kernel's messages and QEMU's own go
   * @param runtime where the monitor's socket goes; the path of a socket must be short
   */
  static Guest boot(GuestImage image, GuestSpec spec, Path logs, Path runtime) throws IOException {
    Path monitor = runtime.resolve(spec.name() + ".qmp");
    Process process =
        new ProcessBuilder(commandLine(image, spec, logs, monitor))
            .redirectError(logs.resolve(spec.name() + ".qemu").toFile())
            .start();
    return new Guest(spec, logs, monitor, process);
  }

  private static List<String> commandLine(
      GuestImage image, GuestSpec spec, Path logs, Path monitor) {
    StringBuilder append = new StringBuilder("console=ttyS0 quiet panic=1");
    append.append(" script=").append(spec.script());
    append.append(" limit=").append(spec.limit().toSeconds());
    for (Map.Entry<String, String> parameter : spec.parameters().entrySet()) {
      append.append(' ').append(parameter.getKey()).append('=').append(parameter.getValue());
    }
    String memory = spec.memoryMib() + "M";
    List<String> line = new ArrayList<>();
    line.addAll(List.of("qemu-system-x86_64", "-machine", "q35,accel=" + ACCELERATOR));
    line.addAll(List.of("-cpu", "max", "-smp", "1", "-m", memory));
    // A back end maps the guest's memory, so it has to be shared.
    line.addAll(List.of("-object", "memory-backend-memfd,id=mem,share=on,size=" + memory));
    line.addAll(List.of("-numa", "node,memdev=mem"));
    line.addAll(List.of("-kernel", image.kernel().toString()));
    line.addAll(List.of("-initrd", image.initramfs().toString(), "-append", append.toString()));
    line.addAll(List.of("-nodefaults", "-display", "none"));
    line.addAll(List.of("-serial", "file:" + logs.resolve(spec.name() + ".kernel")));
    line.addAll(List.of("-serial", "stdio"));
    line.addAll(List.of("-qmp", "unix:" + monitor + ",server=on,wait=off"));
    if (!spec.reboots()) {
      line.add("-no-reboot");
    }
    for (Map.Entry<String, Path> device : spec.devices().entrySet()) {
      String id = device.getKey();
      line.addAll(List.of("-chardev", "socket,id=" + id + ",path=" + device.getValue()));
      line.addAll(
          List.of(
              "-device", "vhost-user-fs-pci,queue-size=1024,chardev=" + id + ",tag=" + id));
    }
    return line;
  }

  /**
   * Waits until the guest says a line that begins so.
   *
   * @return the rest of the line
   * @throws IOException if it fails, ends or is out of time before that
   */
  public String await(String beginning) throws IOException, InterruptedException {
    String line =
        console.await(
            any -> any.startsWith(beginning) || any.startsWith("FAIL ") || any.equals("DONE"),
            endNanos);
    if (line == null || !line.startsWith(beginning)) {
      throw failure("said no \"" + beginning + "\" but " + line);
    }
    return line.substring(beginning.length()).strip();
  }

  /** Waits for the next signal: its words. Null when the guest is done. */
  public @Nullable String nextSignal() throws IOException, InterruptedException {
    String line =
        console.await(any -> any.startsWith("signal ") || any.equals("DONE"), endNanos);
    if (line == null) {
      throw failure("is out of time or gone");
    }
    return line.equals("DONE") ? null : line.substring("signal ".length());
  }

  /** Says a word to whoever waits for it in the guest, once somebody can hear it. */
  public void tell(String word) throws IOException, InterruptedException {
    if (!console.awaitSaid("booted", endNanos)) {
      throw failure("did not boot");
    }
    input.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
    input.flush();
  }

  /**
   * Waits until the guest is done and off.
   *
   * @return all that it said
   * @throws IOException if it did not get there
   */
  public List<String> finish() throws IOException, InterruptedException {
    if (!console.awaitSaid("DONE", endNanos)) {
      throw failure("is out of time or gone");
    }
    if (!process.waitFor(OFF_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw failure("does not go off");
    }
    return console.lines();
  }

  /** Resets the machine as its button would. */
  public void reset() throws IOException {
    Monitor.execute(monitor, "system_reset");
  }

  /** Ends QEMU by SIGKILL: the guest's power fails. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Whether QEMU runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What QEMU itself complained of. */
  public String complaints() throws IOException {
    return Files.readString(logs.resolve(spec.name() + ".qemu"));
  }

  private IOException failure(String what) throws IOException, InterruptedException {
    kill();
    Path kernel = logs.resolve(spec.name() + ".kernel");
    return new IOException(
        "guest %s %s%nit said: %s%nits kernel: %s%nQEMU: %s%n(all of it is in %s)"
            .formatted(
                spec.name(),
                what,
                String.join("\n  ", last(console.lines())),
                Files.exists(kernel) ? String.join("\n  ", last(Files.readAllLines(kernel))) : "",
                complaints(),
                logs));
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 20), lines.size());
  }
}
