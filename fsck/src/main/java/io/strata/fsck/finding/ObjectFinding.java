package io.strata.fsck.finding;

import io.strata.store.ObjectKey;
import io.strata.store.StoreException;

/** Findings about a whole object of the bucket. */
public sealed interface ObjectFinding extends Finding {
  @Override
  ObjectKey object();

  /**
   * An object that the volume needs is not there.
   *
   * @param object its key
   * @param neededBy what refers to it
   */
  record Missing(ObjectKey object, String neededBy) implements ObjectFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-missing",
          "object %s is missing; %s needs it".formatted(object, neededBy),
          "what it held cannot be read",
          "bring it back from a copy or an earlier version of the bucket's object",
          "leaves out what only that object held: its bytes become holes, its pages are "
              + "taken from older checkpoints");
    }
  }

  /**
   * An object is not what was put under its key.
   *
   * @param object its key
   * @param damage what of it is wrong
   */
  record Damaged(ObjectKey object, String damage) implements ObjectFinding {
    /** From what a reader said, which names the object too. */
    public static Damaged of(ObjectKey object, StoreException.Corrupt e) {
      String said = String.valueOf(e.getMessage());
      String prefix = "object " + object + " is damaged: ";
      return new Damaged(object, said.startsWith(prefix) ? said.substring(prefix.length()) : said);
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-damaged",
          "object %s is damaged: %s".formatted(object, damage),
          "what it holds is never given out as data; reading it fails",
          "bring it back from a copy or an earlier version of the bucket's object",
          "leaves the object as it is and lets nothing refer to what of it is damaged; a "
              + "damaged descriptor must be removed by hand first");
    }
  }

  /**
   * An object is damaged, and nothing that the volume holds now needs what is damaged.
   *
   * @param object its key
   * @param problem what is wrong with it
   */
  record Spare(ObjectKey object, String problem) implements ObjectFinding {
    /** From what a reader said. */
    public static Spare of(ObjectKey object, StoreException e) {
      return new Spare(object, String.valueOf(e.getMessage()));
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "spare-object-damaged",
          "%s; nothing that the volume holds now needs it".formatted(problem),
          "files are whole; going back to an older checkpoint, or rebuilding a lost tree, may fail",
          "bring it back from a copy if there is one",
          "nothing");
    }
  }

  /**
   * A later version of Strata wrote an object.
   *
   * @param object its key
   * @param found its format version, as the store's reader worded it
   */
  record TooNew(ObjectKey object, String found) implements ObjectFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-too-new",
          found,
          "this version can neither read nor check it",
          "check the volume with the version of Strata that writes it",
          "nothing: it refuses the whole volume");
    }
  }

  /**
   * An object's length is not what the volume recorded of it.
   *
   * @param object its key
   * @param recordedBytes the length that was recorded
   * @param foundBytes the length that it has
   */
  record WrongLength(ObjectKey object, long recordedBytes, long foundBytes)
      implements ObjectFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-length",
          "object %s has %d bytes, %d were written".formatted(object, foundBytes, recordedBytes),
          "it was cut off or replaced; a part of what it held cannot be read",
          "bring it back from a copy or an earlier version of the bucket's object",
          "records what the object's own footer says, or lets nothing refer to what is "
              + "missing");
    }
  }

  /**
   * Nobody refers to an object of an owner that is gone.
   *
   * @param object its key
   * @param bytes its length
   */
  record Unreferenced(ObjectKey object, long bytes) implements ObjectFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-unreferenced",
          "nothing refers to object %s (%d bytes)".formatted(object, bytes),
          "a crash left it behind; it takes space and does no harm",
          "nothing needs to be done",
          "nothing; gc removes it");
    }
  }

  /**
   * An object whose name is none that Strata gives.
   *
   * @param object its key
   */
  record Foreign(ObjectKey object) implements ObjectFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "object-foreign",
          "object %s is none of the volume's".formatted(object),
          "something else uses the same prefix; Strata never touches such objects",
          "move it elsewhere, so that nobody takes it for a part of the volume",
          "nothing");
    }
  }
}
