package io.strata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder of this machine, which keeps everything: what is found wrong is the test's doing. */
class StepsTest {
  private static final int FILES = 100;
  private static final Progress UNWATCHED = all -> {};

  @TempDir private Path folder;
  private DemoTree tree;
  private List<Step> steps;
  private Manifest manifest;

  @BeforeEach
  void runAllSteps() throws IOException {
    tree = new MountedTree(folder);
    steps =
        Steps.all(new MadeUpSource(), FILES).stream().filter(step -> step.possible(tree)).toList();
    ManifestWriter writer = new ManifestWriter();
    for (Step step : steps) {
      assertThat(step.run(tree, writer, UNWATCHED).files()).as(step.name()).isPositive();
    }
    Path file = Files.createTempFile("manifest", "");
    writer.finish().save(file);
    manifest = Manifest.load(file);
    Files.delete(file);
  }

  private List<String> differences() throws IOException {
    return manifest.differences(tree, Steps.NOT_IN_MANIFEST, UNWATCHED);
  }

  @Test
  void whatIsThereIsWhatTheManifestSays() throws IOException {
    assertThat(manifest.checksums()).hasSizeGreaterThan(FILES);
    assertThat(differences()).isEmpty();
    for (Step step : steps) {
      assertThat(step.verify(tree).stream()).as(step.name()).allMatch(Verdict::passed);
    }
  }

  @Test
  void findsAMissingAnExtraAndAChangedFile() throws IOException {
    List<String> paths = new ArrayList<>();
    for (String path : manifest.checksums().keySet()) {
      if (tree.links(path) == 1) {
        paths.add(path);
      }
    }
    Files.delete(folder.resolve(paths.get(0)));
    Files.writeString(folder.resolve(paths.get(1)), "other bytes");
    Files.writeString(folder.resolve("extra"), "");

    assertThat(differences())
        .hasSize(3)
        .anyMatch(line -> line.equals(paths.get(0) + " is missing"))
        .anyMatch(line -> line.startsWith(paths.get(1) + " has other bytes"))
        .anyMatch(line -> line.equals("extra is there and should not be"));
  }

  @Test
  void findsALinkThatBecameAFile() throws IOException {
    Path link = folder.resolve("links/00000");
    byte[] bytes = Files.readAllBytes(link);
    Files.delete(link);
    Files.write(link, bytes);

    assertThat(new LinkStep().verify(tree).orElseThrow().problems())
        .containsExactly("links/00000 has 1 names, not 2");
  }
}
