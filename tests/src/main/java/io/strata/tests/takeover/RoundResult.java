package io.strata.tests.takeover;

import java.util.List;

/**
 * What one round showed.
 *
 * @param fault of the owner
 * @param firstAnswerSeconds from the fault to the first answer of the next owner
 * @param requests to the store that the next owner sent in that time; 0 if it has no network of its
 *     own
 * @param answeredSeconds from the fault to when the last read of the old owner's mount began that was
 *     answered; negative if that was before
 * @param staleReads of the old owner's mount
 * @param promised operations that the old owner had acknowledged for good
 * @param lost how many of them are not there
 * @param violations of what must be true
 */
record RoundResult(
    Fault fault,
    double firstAnswerSeconds,
    long requests,
    double answeredSeconds,
    int staleReads,
    long promised,
    long lost,
    List<String> violations) {
  RoundResult {
    violations = List.copyOf(violations);
  }
}
