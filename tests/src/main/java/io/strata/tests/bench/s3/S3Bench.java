package io.strata.tests.bench.s3;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import io.strata.tests.bench.Figures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures on an S3 server that answers at once, and some milliseconds later.
 *
 * <p>Arguments: the server's URL, a bucket of which {@code -s3fs} and {@code -rclone} exist too, a
 * folder for mounts, and the {@code strata} program. Without {@code -Dothers=true} only Strata is
 * measured. {@code -Ddelays}, {@code -Dphases}, {@code -Dsamples}, {@code -Dseconds}, {@code
 * -Dmib}, {@code -Drounds}, {@code -Dfiles}, {@code -DothersFiles} set the amount. Lone syncs come
 * after those of many, so that they are of code that has run for a while. Needs root, to mount and to
 * drop caches.
 */
public final class S3Bench implements AutoCloseable {
  private static final String PHASES = System.getProperty("phases", "rate,sync,large,small");
  private static final int SAMPLES = Integer.getInteger("samples", 60);
  private static final int SECONDS = Integer.getInteger("seconds", 2);
  private static final int MIB = Integer.getInteger("mib", 256);
  private static final int ROUNDS = Integer.getInteger("rounds", 2);
  private static final int FILES = Integer.getInteger("files", 10_000);
  private static final int CREATES = 1000;
  private static final int CREATES_SYNCED = 100;

  /** It may have gone by itself, which is no reason not to measure the others. */
  private static final String LET_GO = "umount '%1$s' || umount --lazy '%1$s' || true";

  /** Of whoever sends several requests for each file. */
  private static final int FILES_FEW = Integer.getInteger("othersFiles", 100);

  private final SlowGateway gateway;
  private final Subject bare;
  private final Subject library;
  private final Subject strata;
  private final @Nullable Subject s3fs;
  private final @Nullable Subject rclone;

  private S3Bench(
      SlowGateway gateway,
      Subject bare,
      Subject library,
      Subject strata,
      @Nullable Subject s3fs,
      @Nullable Subject rclone) {
    this.gateway = gateway;
    this.bare = bare;
    this.library = library;
    this.strata = strata;
    this.s3fs = s3fs;
    this.rclone = rclone;
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) throws IOException {
    for (String delay : System.getProperty("delays", "0,10,50").split(",", -1)) {
      System.out.printf("%n===== %s ms added to each request =====%n", delay);
      try (SlowGateway gateway =
              SlowGateway.start(
                  URI.create(arguments[0]), Duration.ofMillis(Long.parseLong(delay)));
          S3Bench bench =
              open(gateway, arguments[1], delay, Path.of(arguments[2]), arguments[3])) {
        bench.run();
      }
    }
  }

  private static S3Bench open(
      SlowGateway gateway, String bucket, String run, Path mounts, String program)
      throws IOException {
    Platform platform = SystemPlatform.create();
    String parameters = "?path-style=true&endpoint=" + gateway.endpoint();
    String prefix = "s3://" + bucket + "/" + run;
    Subject bare =
        new BareClient(
            Stores.open(prefix + "-bare" + parameters, platform, StoreOptions.DEFAULT));
    Subject library = LibraryVolume.format(prefix + "-library" + parameters, platform);
    boolean others = Boolean.getBoolean("others");
    return new S3Bench(
        gateway,
        bare,
        library,
        strata(program, prefix + "-mount" + parameters, mounts.resolve("strata-" + run)),
        others ? s3fs(gateway, bucket + "-s3fs", mounts.resolve("s3fs-" + run)) : null,
        others ? rclone(gateway, bucket + "-rclone", mounts.resolve("rclone-" + run)) : null);
  }

  private static Subject strata(String program, String url, Path directory) throws IOException {
    String mount =
        "'%s' mount --background '%s' '%s' >/dev/null".formatted(program, url, directory);
    String first = "'%s' format '%s' >/dev/null && ".formatted(program, url);
    // Formatted with the first mount only: again it would be refused.
    String marker = directory + ".formatted";
    return MountedFiles.mount(
        "mount",
        directory,
        "{ [ -e '%s' ] || { %s touch '%s'; }; } && %s".formatted(marker, first, marker, mount),
        "'%s' umount '%s' >/dev/null".formatted(program, directory));
  }

  private static Subject s3fs(SlowGateway gateway, String bucket, Path directory)
      throws IOException {
    return MountedFiles.mount(
        "s3fs",
        directory,
        "s3fs '%s' '%s' -o 'url=%s,use_path_request_style'"
            .formatted(bucket, directory, gateway.endpoint()),
        LET_GO.formatted(directory));
  }

  private static Subject rclone(SlowGateway gateway, String bucket, Path directory)
      throws IOException {
    return MountedFiles.mount(
        "rclone",
        directory,
        ("env -u AWS_CA_BUNDLE RCLONE_CONFIG=/dev/null rclone mount --daemon --s3-provider Ceph --s3-env-auth"
                + " --s3-endpoint '%s' ':s3:%s' '%s'")
            .formatted(gateway.endpoint(), bucket, directory),
        LET_GO.formatted(directory));
  }

  private void run() throws IOException {
    for (String phase : PHASES.split(",", -1)) {
      System.err.println("phase " + phase);
      switch (phase) {
        // rclone sends nothing at an fsync.
        case "sync" -> new SyncLatency(SAMPLES).run(present(bare, library, strata, s3fs));
        case "rate" -> new SyncRates(gateway, SECONDS).run(List.of(bare, library, strata));
        case "large" -> large();
        case "small" -> small();
        default -> throw new IllegalArgumentException("no phase " + phase);
      }
    }
  }

  private void large() throws IOException {
    Figures figures = new Figures();
    for (int round = 0; round < ROUNDS; round++) {
      int number = round;
      for (Subject subject : present(library, strata, bare)) {
        large(subject, figures, number);
      }
      for (Subject subject : present(s3fs, rclone)) {
        attempt(subject, () -> large(subject, figures, number));
      }
    }
    figures.print(
        "%d MiB, median of %d".formatted(MIB, ROUNDS), names(library, bare, strata, s3fs, rclone));
    figures.print("", names(strata, bare, s3fs, rclone));
  }

  private static void large(Subject subject, Figures figures, int round) throws IOException {
    // The first file is not measured: a daemon's code is warm then, as that of the bare client is.
    String first = "first" + round;
    String file = "large" + round;
    String who = subject.name();
    subject.write(first, MIB);
    figures.measure(who, "write in order, fsync", "MiB/s", MIB, () -> subject.write(file, MIB));
    subject.settle();
    subject.makeCold();
    subject.read(first, MIB);
    figures.measure(who, "read in order, cold", "MiB/s", MIB, () -> subject.read(file, MIB));
  }

  /** Work that may fail: other people's programs are no reason to end. */
  private static void attempt(Subject subject, Figures.Work work) {
    try {
      work.run();
    } catch (IOException e) {
      System.out.printf("%s failed: %s%n", subject.name(), e);
    }
  }

  private void small() throws IOException {
    SmallFiles files = new SmallFiles(gateway);
    files.heading();
    for (Subject subject : present(library, strata)) {
      files.make(subject, CREATES, CREATES_SYNCED);
      files.unpackAndRead(subject, FILES);
    }
    for (Subject subject : present(bare, s3fs, rclone)) {
      attempt(
          subject,
          () -> {
            files.make(subject, FILES_FEW, CREATES_SYNCED);
            files.unpackAndRead(subject, FILES_FEW);
          });
    }
  }

  private static List<Subject> present(@Nullable Subject... subjects) {
    List<Subject> present = new ArrayList<>();
    for (Subject subject : subjects) {
      if (subject != null) {
        present.add(subject);
      }
    }
    return present;
  }

  private static List<String> names(@Nullable Subject... subjects) {
    return present(subjects).stream().map(Subject::name).toList();
  }

  @Override
  public void close() throws IOException {
    for (Subject subject : present(strata, s3fs, rclone, library, bare)) {
      subject.close();
    }
  }
}
