package io.strata.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fsck.finding.FilePlace;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assertions about reports. */
final class Found {
  private Found() {}

  /** Exactly these codes, in any order, are found wrong. */
  static List<Finding> exactly(CraftedVolume volume, String... codes) {
    List<Finding> wrong = wrong(volume.check());
    assertThat(wrong)
        .as(() -> String.join("\n", wrong.stream().map(Finding::what).toList()))
        .extracting(Finding::code)
        .containsExactlyInAnyOrder(codes);
    return wrong;
  }

  /** Exactly one thing is wrong, with that file and with these words in what is said of it. */
  static void one(CraftedVolume volume, String code, @Nullable String path, String... words) {
    Finding finding = exactly(volume, code).getFirst();
    FilePlace file = finding.file();
    assertThat(file == null ? null : file.path()).isEqualTo(path);
    for (String word : words) {
      assertThat(finding.what()).contains(word);
    }
    assertThat(finding.explanation().means()).isNotBlank();
    assertThat(finding.explanation().remedy()).isNotBlank();
  }

  static List<Finding> wrong(FsckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .toList();
  }
}
