package io.strata.cli.demo;

import java.io.IOException;
import java.util.SplittableRandom;

/** Files of 0 to 64 KiB, the same every time, for a machine that has no others. */
record MadeUpSource() implements Source {
  private static final long SEED = 20261121;
  private static final int FILES_A_FOLDER = 100;
  private static final int BYTES_MAX = 64 << 10;

  @Override
  public String description() {
    return "made-up files";
  }

  @Override
  public void forEachFile(int filesMax, Sink sink) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < filesMax; i++) {
      byte[] bytes = new byte[random.nextInt(BYTES_MAX)];
      random.nextBytes(bytes);
      sink.file("folder-%03d/file-%05d".formatted(i / FILES_A_FOLDER, i), bytes);
    }
  }
}
