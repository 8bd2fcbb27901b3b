package io.strata.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives every eighth file a second name, and appends to some of them under it. */
record LinkStep() implements Step {
  private static final String ROOT = "links";
  private static final int EVERY = 8;
  private static final byte[] LINE = {'o', 'n', 'e', ' ', 'f', 'i', 'l', 'e', '\n'};

  @Override
  public String name() {
    return "hard links";
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    tree.makeDirectories(ROOT);
    List<String> paths = manifest.paths();
    int links = 0;
    long bytes = 0;
    for (int i = 0; i < paths.size(); i += EVERY) {
      String link = "%s/%05d".formatted(ROOT, i);
      tree.link(paths.get(i), link);
      manifest.link(paths.get(i), link);
      if (links % EVERY == 0) {
        try (DemoTree.Appender file = tree.append(link)) {
          file.append(LINE);
        }
        manifest.append(link, LINE);
        bytes += LINE.length;
      }
      progress.advance(paths.size() / EVERY);
      links++;
    }
    return new Work(links, bytes);
  }

  @Override
  public Optional<Verdict> verify(DemoTree tree) throws IOException {
    List<String> wrong = new ArrayList<>();
    tree.forEachFile(
        ROOT,
        path -> {
          int links = tree.links(path);
          if (links != 2) {
            wrong.add(path + " has " + links + " names, not 2");
          }
        });
    return Optional.of(new Verdict("every hard link has its two names", wrong));
  }
}
