package io.strata.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A git repository with some of the source's files, committed and packed. */
record GitStep(Source source, int filesMax) implements Step {
  static final String ROOT = "git";

  private static final Program GIT = Program.named("git");

  @Override
  public String name() {
    return "git";
  }

  @Override
  public boolean possible(DemoTree tree) {
    return tree.directory().isPresent() && GIT.exists();
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    long[] done = new long[2];
    source.forEachFile(
        filesMax,
        (path, bytes) -> {
          String target = ROOT + "/" + path;
          tree.makeDirectories(target.substring(0, target.lastIndexOf('/')));
          try (OutputStream out = tree.write(target)) {
            out.write(bytes);
          }
          done[0]++;
          done[1] += bytes.length;
          progress.advance(filesMax);
        });
    Path directory = tree.directory().orElseThrow().resolve(ROOT);
    git(directory, "init", "-q");
    git(directory, "add", "-A");
    git(
        directory,
        "-c",
        "user.name=demo",
        "-c",
        "user.email=demo@localhost",
        "commit",
        "-q",
        "-m",
        "Everything");
    git(directory, "gc", "-q");
    git(directory, "fsck", "--strict", "--no-progress");
    return new Work(done[0], done[1]);
  }

  @Override
  public Optional<Verdict> verify(DemoTree tree) {
    return Optional.of(
        new Verdict(
            "git fsck --strict and git status find nothing amiss",
            problems(tree.directory().orElseThrow().resolve(ROOT))));
  }

  private static List<String> problems(Path directory) {
    try {
      git(directory, "fsck", "--strict", "--no-progress");
      String changed = git(directory, "status", "--porcelain");
      return changed.isEmpty() ? List.of() : List.of("files have changed: " + changed);
    } catch (IOException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static String git(Path directory, String... arguments) throws IOException {
    return GIT.run(directory, arguments);
  }
}
