package io.strata.cli.demo;

import io.strata.cli.output.Output;
import io.strata.cli.output.ProgressLine;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A demo with its surroundings: chooses how to serve the volume, cleans up whatever happens.
 *
 * @param url of the volume; null for a folder that goes with the demo
 * @param filesMax how many files are unpacked
 * @param library whether not to mount even if one could
 * @param keep whether to leave everything there afterwards
 * @param json how to print the report
 */
public record DemoRun(
    @Nullable String url, int filesMax, boolean library, boolean keep, boolean json) {
  private static final Path DEVICE = Path.of("/dev/fuse");

  /**
   * Runs it.
   *
   * @return whether every check passed
   */
  public boolean run(PrintWriter out, PrintWriter err)
      throws IOException, InterruptedException {
    Platform platform = SystemPlatform.create();
    ProgressLine progress = ProgressLine.of(err, platform.clock());
    DemoPlace place = DemoPlace.make(url);
    Optional<String> obstacle = library ? Optional.of("as you asked") : obstacle();
    obstacle.ifPresent(
        why -> progress.say("nothing is mounted (" + why + "): the same through the library"));
    Host host = obstacle.isPresent() ? new LibraryHost(place.url()) : new MountHost(place);
    Recorder recorder = new Recorder(platform.clock(), progress);
    Demo demo = new Demo(place, host, filesMax, platform, recorder);
    Cleaning cleaning = new Cleaning(demo, place, keep);
    Thread hook = Thread.ofPlatform().unstarted(cleaning);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      progress.say(
          "volume %s, %s, files from %s"
              .formatted(place.url(), host.description(), Source.find().description()));
      DemoReport report = demo.run();
      out.println();
      Output.print(report, json, out);
      return report.allPassed();
    } finally {
      Runtime.getRuntime().removeShutdownHook(hook);
      cleaning.run();
    }
  }

  /** Why nothing can be mounted here. */
  private static Optional<String> obstacle() {
    if (!Files.exists(DEVICE)) {
      return Optional.of(DEVICE + " does not exist");
    }
    if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
      return Optional.of("no permission for " + DEVICE);
    }
    if (!"root".equals(System.getProperty("user.name")) && !Program.named("fusermount3").exists()) {
      return Optional.of("fusermount3 is not installed: apt-get install fuse3");
    }
    return Optional.empty();
  }

  private record Cleaning(Demo demo, DemoPlace place, boolean keep) implements Runnable {
    @Override
    public void run() {
      demo.close();
      if (!keep) {
        try {
          place.remove();
        } catch (IOException e) {
          System.err.println("strata: " + place.folder() + " is left: " + e.getMessage());
        }
      }
    }
  }
}
