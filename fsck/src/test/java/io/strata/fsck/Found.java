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
    requireRepairable(volume);
    return wrong;
  }

  /** Whatever is wrong, a repair makes it right. */
  private static void requireRepairable(CraftedVolume volume) {
    RepairReport repaired = volume.repaired();
    FsckReport after = repaired.after();
    assertThat(repaired.refused()).isNull();
    assertThat(after == null ? repaired.before().clean() : after.clean())
        .as(
            () ->
                "repaired: "
                    + String.join(
                        "\n",
                        wrong(after == null ? repaired.before() : after).stream()
                            .map(Finding::what)
                            .toList())
                    + repaired.touched())
        .isTrue();
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
