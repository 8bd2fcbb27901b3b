package io.strata.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;

/** Unpacks a real tree of several thousand files. */
record UnpackStep(Source source, int filesMax) implements Step {
  static final String ROOT = "tree";

  @Override
  public String name() {
    return "unpack";
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    Set<String> made = new HashSet<>();
    long[] done = new long[2];
    source.forEachFile(
        filesMax,
        (path, bytes) -> {
          String target = ROOT + "/" + path;
          String directory = target.substring(0, target.lastIndexOf('/'));
          if (made.add(directory)) {
            tree.makeDirectories(directory);
          }
          try (OutputStream out = tree.write(target)) {
            out.write(bytes);
          }
          manifest.put(target, bytes);
          done[0]++;
          done[1] += bytes.length;
          progress.advance(filesMax);
        });
    return new Work(done[0], done[1]);
  }
}
