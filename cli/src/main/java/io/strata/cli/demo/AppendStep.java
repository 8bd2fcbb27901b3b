package io.strata.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Appends to every fourth file, twice. */
record AppendStep() implements Step {
  private static final int EVERY = 4;
  private static final int LINES = 40;

  @Override
  public String name() {
    return "append";
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    List<String> paths = manifest.paths();
    long appended = 0;
    long bytes = 0;
    for (int i = 0; i < paths.size(); i += EVERY) {
      String path = paths.get(i);
      byte[] line = ("// appended to file " + i + "\n").getBytes(StandardCharsets.UTF_8);
      byte[] block = "// and again\n".repeat(LINES).getBytes(StandardCharsets.UTF_8);
      try (DemoTree.Appender file = tree.append(path)) {
        file.append(line);
        file.append(block);
      }
      manifest.append(path, line);
      manifest.append(path, block);
      progress.advance(paths.size() / EVERY);
      appended++;
      bytes += line.length + block.length;
    }
    return new Work(appended, bytes);
  }
}
