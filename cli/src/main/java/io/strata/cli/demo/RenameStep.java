package io.strata.cli.demo;

import java.io.IOException;
import java.util.List;

/** Renames every fifth file, and then the directory that all of them are in. */
record RenameStep() implements Step {
  static final String ROOT = "moved";

  private static final int EVERY = 5;

  @Override
  public String name() {
    return "rename";
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    List<String> paths = manifest.paths();
    int renamed = 0;
    for (int i = 0; i < paths.size(); i += EVERY) {
      String path = paths.get(i);
      tree.rename(path, path + ".renamed");
      manifest.rename(path, path + ".renamed");
      progress.advance(paths.size() / EVERY);
      renamed++;
    }
    tree.rename(UnpackStep.ROOT, ROOT);
    manifest.rename(UnpackStep.ROOT, ROOT);
    return new Work(renamed + 1, 0);
  }
}
