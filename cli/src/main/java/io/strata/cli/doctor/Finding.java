package io.strata.cli.doctor;

/**
 * What became of one check.
 *
 * @param check which
 * @param verdict whether the promise is kept
 * @param says what was seen, in one line
 */
record Finding(String check, Verdict verdict, String says) {
  /** What it means for volumes. */
  enum Verdict {
    /** The promise is kept, as far as trying can show. */
    KEPT("ok"),
    /** Volumes can live with it. */
    DOUBTFUL("warn"),
    /** No volume is safe here. */
    BROKEN("FAIL");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** How a person reads it. */
    String word() {
      return word;
    }
  }
}
