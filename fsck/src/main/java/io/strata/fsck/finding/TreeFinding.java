package io.strata.fsck.finding;

import io.strata.store.ObjectKey;
import org.jspecify.annotations.Nullable;

/** Findings about the tree: its pages, its order and its records. */
public sealed interface TreeFinding extends Finding {

  /**
   * A page cannot be read.
   *
   * @param object the pack that holds it
   * @param page the page's address
   * @param damage what is wrong with it
   * @param from the first key that it may hold, as {@link KeyText} writes keys
   * @param to the first key behind those that it may hold; null if there is no end
   */
  record PageDamaged(ObjectKey object, String page, String damage, String from, @Nullable String to)
      implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "page-damaged",
          "tree page %s in object %s is damaged: %s".formatted(page, object, damage),
          "what the tree holds from %s to %s cannot be read"
              .formatted(from, to == null ? "its end" : to),
          "bring the object back from a copy, or go back to a checkpoint that does not use it",
          "takes what it held from the most recent older checkpoint that has it, brought "
              + "up to date from the log; what nobody has is lost, unless --rebuild finds bytes "
              + "of files in segments");
    }
  }

  /**
   * A page is whole and does not belong where it is.
   *
   * @param object the pack that holds it
   * @param page the page's address
   * @param problem what does not fit
   */
  record PageMisplaced(ObjectKey object, String page, String problem) implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "page-misplaced",
          "tree page %s in object %s is in the wrong place: %s".formatted(page, object, problem),
          "look-ups miss what it holds; the volume was written by a faulty program",
          "go back to an earlier checkpoint, and report the fault",
          "as for a damaged page");
    }
  }

  /**
   * A key or value that no version known here writes.
   *
   * @param source where it is: the tree, a head's carried changes
   * @param problem what is wrong with it
   */
  record RecordMalformed(String source, String problem) implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "record-malformed",
          "%s holds what cannot be read: %s".formatted(source, problem),
          "operations that meet it fail; a faulty or a later version wrote it",
          "go back to an earlier checkpoint, and report the fault",
          "drops it");
    }
  }

  /**
   * A number that the volume keeps of itself is wrong.
   *
   * @param object the object that holds it or that it is about; null if it is a record of the tree
   * @param counter which number
   * @param recorded what it says
   * @param found what it should be
   */
  record WrongCount(@Nullable ObjectKey object, String counter, long recorded, long found)
      implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-count",
          "%s: recorded as %d, counted %d".formatted(counter, recorded, found),
          "free space, or what may be removed, is reckoned wrongly",
          "do not let the volume be written until it is repaired, and report the fault",
          "counts anew");
    }
  }

  /**
   * An object is recorded as dead and is in use.
   *
   * @param object its key
   * @param usedBy what uses it
   */
  record DeadInUse(ObjectKey object, String usedBy) implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "dead-object-in-use",
          "object %s is recorded as dead, and %s uses it".formatted(object, usedBy),
          "it will be deleted, and what it holds will be lost",
          "do not open the volume for writing; copy the bucket, and report the fault",
          "drops the record of its death");
    }
  }

  /**
   * Checks that were left out because damage elsewhere makes them meaningless.
   *
   * @param checks which
   * @param reason why
   */
  record NotChecked(String checks, String reason) implements TreeFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "not-checked",
          "%s could not be checked: %s".formatted(checks, reason),
          "there may be more wrong than is said here",
          "mend what else was found, then check again",
          "checks again when the rest is mended");
    }
  }
}
